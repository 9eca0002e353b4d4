using Xunit;

namespace Kernels.Tests;

/// <summary>Tests that change <c>Execution</c>, which all kernels share, run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SetsExecution
{
    public const string Name = "Sets Execution";
}
