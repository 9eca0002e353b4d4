using Transformer.Testing;
using Xunit;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Transformer.Testing.SummaryLast", "Testing")]

namespace Autograd.Tests;

[CollectionDefinition(GradientSummary.Collection, DisableParallelization = true)]
public sealed class RunsLast;

[Collection(GradientSummary.Collection)]
public class Summary(ITestOutputHelper output) : GradientSummary(output, "operations");
