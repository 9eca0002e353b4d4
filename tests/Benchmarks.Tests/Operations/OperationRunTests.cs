using Benchmarks.Operations;
using Xunit;

namespace Benchmarks.Tests.Operations;

public class OperationRunTests
{
    // The large ones are the same operations.
    public static TheoryData<string> Small =>
        [.. OperationCase.All.Select(operation => operation.Name).Where(name => !name.Contains("1024") && !name.Contains("to 8000"))];

    [Theory]
    [MemberData(nameof(Small))]
    public void Every_case_runs_forward_and_backward(string name)
    {
        OperationRun run = new(OperationCase.All.Single(operation => operation.Name == name));
        run.Forward();
        run.ForwardBackward();
    }

    [Fact]
    public void Names_are_unique() =>
        Assert.Equal(OperationCase.All.Count, OperationCase.All.Select(operation => operation.Name).Distinct().Count());
}
