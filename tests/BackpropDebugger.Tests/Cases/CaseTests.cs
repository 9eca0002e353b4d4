using System.Runtime.InteropServices;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Samples.BackpropDebugger.Cases;
using Xunit;

namespace BackpropDebugger.Tests.Cases;

public class CaseTests
{
    public static TheoryData<string> Names => [.. CaseCatalogue.All.Select(entry => entry.Name)];

    [Fact]
    public void Names_are_unique_and_the_first_is_scalar()
    {
        Assert.Equal(CaseCatalogue.All.Count, CaseCatalogue.All.Select(entry => entry.Name).Distinct().Count());
        Assert.Equal(["scalar", "attention", "translation"], CaseCatalogue.All.Take(3).Select(entry => entry.Name));
        Assert.Equal(12, CaseCatalogue.Planted.Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_case_records_a_loss_and_the_lines_of_its_own_program(string name)
    {
        Recording recording = CaseRecordings.Of(name);

        Assert.StartsWith("loss", recording.Loss!.Name);
        Assert.Equal(1, recording.Loss.Values.Count);
        Assert.All(recording.Operations, operation => Assert.StartsWith("samples/BackpropDebugger/Cases/", operation.UserLine!.File));
        Assert.All(recording.Tensors, tensor => Assert.True(tensor.Values.IsComplete));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_case_is_the_same_to_the_bit_each_time(string name)
    {
        Recording first = CaseRecordings.Of(name);
        Recording second = CaseRecordings.Make(name, healthy: false);

        Assert.Equal(first.Timeline.Select(entry => entry.ToString()), second.Timeline.Select(entry => entry.ToString()));
        Assert.All(first.Tensors.Zip(second.Tensors), pair =>
        {
            AssertSameBits(pair.First.Values, pair.Second.Values);
            AssertSameBits(first.GradientOf(pair.First), second.GradientOf(pair.Second));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_text_is_readable_in_a_terminal_and_names_each_command_of_the_script(string name)
    {
        Case entry = CaseCatalogue.All.Single(entry => entry.Name == name);

        Assert.All(entry.Text.Split('\n'), line => Assert.True(line.Length <= 160, line));
        Assert.All(entry.Script, command => Assert.Contains(command, entry.Text));
    }

    [Fact]
    public void The_scalar_case_has_ten_operations_and_whole_numbers_everywhere()
    {
        Recording recording = CaseRecordings.Of("scalar");

        Assert.Equal(10, recording.Operations.Count);
        // x = 2, w = −3, b = 10; a = wx, s = a + b, q = x², loss = ((q − √s) s + relu(a))² / q²
        Assert.Equal(
            [-6, 4, 2, 4, 2, 8, 0, 8, 2, 4],
            recording.Operations.Select(operation => operation.Output.Values.ValueAt(0)));
        // ∂L/∂x = 4 by way of x · x, twice, − 3 by way of w x
        Assert.Equal(5, recording.GradientOf(recording.Tensor("x"))!.ValueAt(0));
        Assert.Equal(2, recording.GradientOf(recording.Tensor("w"))!.ValueAt(0));
        Assert.Equal(1, recording.GradientOf(recording.Tensor("b"))!.ValueAt(0));
    }

    [Fact]
    public void The_attention_case_has_rows_of_weights_that_add_up_to_one_and_words()
    {
        Recording recording = CaseRecordings.Of("attention");
        RecordedValues weights = recording.Tensor("weights").Values;

        Assert.Equal([1, 2, 3, 3], weights.Shape);
        Assert.All(weights.Values<double>().ToArray().Chunk(3), row => Assert.Equal(1, row.Sum(), 1e-15));
        Assert.Equal(["the", "cat", "sleeps"], recording.Words["source"][0]);
    }

    [Fact]
    public void The_translation_case_is_a_step_of_the_built_in_translator_with_its_words()
    {
        Recording recording = CaseRecordings.Of("translation");

        Assert.InRange(recording.Operations.Count, 150, 400);
        Assert.Equal(DType.Float32, recording.Loss!.DType);
        // An untrained model is about as good as guessing: ln 200 = 5.3.
        Assert.InRange(recording.Loss.Values.ValueAt(0), 4, 8);
        Assert.All(recording.Words["target"], sentence => Assert.Equal("<bos>", sentence[0]));
        Assert.All(
            recording.Tensors.Where(tensor => tensor.IsParameter), tensor => Assert.NotNull(recording.GradientOf(tensor)));
    }

    private static void AssertSameBits(RecordedValues? first, RecordedValues? second)
    {
        Assert.Equal(first?.Shape, second?.Shape);
        if (first is null || second is null)
            return;
        Assert.True(first.DType == DType.Float32
            ? MemoryMarshal.AsBytes(first.Values<float>()).SequenceEqual(MemoryMarshal.AsBytes(second.Values<float>()))
            : MemoryMarshal.AsBytes(first.Values<double>()).SequenceEqual(MemoryMarshal.AsBytes(second.Values<double>())));
    }
}
