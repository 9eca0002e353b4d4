using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>Names that the program gives after an operation has run, and versions after an edit.</summary>
public class RecordedNamesTests
{
    [Fact]
    public void A_computed_tensor_has_the_name_that_the_program_gave_it()
    {
        Recording recording = RecordedProgram.By(() => _ = Tensor.From([1, 2]).Tanh().Named("hidden").Exp());

        Assert.Equal(["leaf0", "hidden", "#2"], recording.Tensors.Select(tensor => tensor.Label));
    }

    [Fact]
    public void An_edited_tensor_knows_what_it_was()
    {
        Tensor x = Tensor.From([1, 2]).Named("x");
        Recording recording = RecordedProgram.By(() =>
        {
            _ = x.Exp();
            x.Fill(3);
            _ = x.Exp();
        });

        Assert.Same(recording.Named("x"), recording.Named("x@2").EarlierVersion);
        Assert.Null(recording.Named("x").EarlierVersion);
    }
}
