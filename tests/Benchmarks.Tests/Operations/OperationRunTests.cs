using Benchmarks.Operations;
using Xunit;

namespace Benchmarks.Tests.Operations;

public class OperationRunTests
{
    // The large ones are the same operations.
    public static TheoryData<string> Small =>
        [.. Cases.Select(operation => operation.Name).Where(name => !name.Contains("1024") && !name.Contains("to 8000"))];

    [Theory]
    [MemberData(nameof(Small))]
    public void Every_case_runs_forward_and_backward(string name)
    {
        OperationRun run = new(Cases.Single(operation => operation.Name == name));
        run.Forward();
        run.ForwardBackward();
    }

    [Fact]
    public void Names_are_unique() =>
        Assert.Equal(Cases.Length, Cases.Select(operation => operation.Name).Distinct().Count());

    private static OperationCase[] Cases => [.. OperationCase.All, .. OperationCase.Fused];
}
