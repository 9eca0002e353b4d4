using Transformer.Samples.BackpropDebugger.Cases;
using Xunit;

namespace BackpropDebugger.Tests;

public class CaseTests
{
    [Fact]
    public void Every_case_records_a_backward_pass() =>
        Assert.All(CaseCatalogue.All, entry => Assert.NotNull(entry.Record().Loss));
}
