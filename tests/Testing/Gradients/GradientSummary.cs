using Xunit;
using Xunit.Abstractions;

namespace Transformer.Testing;

/// <summary>
/// Prints what an assembly's gradient checks amount to. Derive once in each test assembly, in a collection
/// <see cref="Collection"/> that is defined there with parallel runs disabled, and name <see cref="SummaryLast"/> as the
/// assembly's collection orderer: xunit then runs it after all others.
/// </summary>
/// <param name="output">Where the line goes; <c>dotnet test</c> shows it.</param>
/// <param name="what">What the names in this assembly's ledger are: <c>operations</c>, <c>layers</c>.</param>
public abstract class GradientSummary(ITestOutputHelper output, string what)
{
    public const string Collection = "Summary";

    [Fact]
    public void Figures_of_all_gradient_checks()
    {
        output.WriteLine(GradientLedger.Summary(what));
        Assert.True(GradientLedger.AllGood, GradientLedger.Summary(what));
    }
}

/// <summary>Runs the collection <see cref="GradientSummary.Collection"/> after all others.</summary>
public sealed class SummaryLast : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => collection.DisplayName == GradientSummary.Collection)
            .ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);
}
