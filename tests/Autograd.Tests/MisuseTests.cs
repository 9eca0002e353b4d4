using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests;

/// <summary>Each mistake gets an error that names it and says what to do.</summary>
public class MisuseTests
{
    private readonly Tensor x = Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }).AsLeaf();

    [Fact]
    public void Backward_on_more_than_one_number() => Refuses<InvalidOperationException>(
        "Backward: [2, 3] is not a scalar; reduce it with Sum() or Mean(), or pass ∂L/∂y of its shape.", () => (x * x).Backward());

    [Fact]
    public void Backward_with_a_gradient_of_another_shape_or_type()
    {
        Tensor y = x * x;
        Refuses<ArgumentException>("Backward: the gradient is Float32 [3], the tensor Float32 [2, 3].", () => y.Backward(Tensor.Zeros([3])));
        Refuses<ArgumentException>(
            "Backward: the gradient is Float64 [2, 3], the tensor Float32 [2, 3].", () => y.Backward(Tensor.Zeros([2, 3], DType.Float64)));
    }

    [Fact]
    public void A_target_of_minus_one_where_none_is_ignored() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => x.CrossEntropy(new Indices([0, -1])));

    [Fact]
    public void A_mask_that_is_larger_than_what_it_masks() => Refuses<ArgumentException>(
        "MaskedFill: the mask [2, 3] does not broadcast to [3].",
        () => Tensor.From([1.0, 2.0, 3.0]).MaskedFill(new Mask(new bool[6], [2, 3]), 0));

    [Fact]
    public void Backward_where_nothing_requires_a_gradient() => Refuses<InvalidOperationException>(
        "Backward: [] depends on no tensor that requires a gradient (or was computed under NoGradient).",
        () => x.Detach().Sum().Backward());

    [Fact]
    public void Backward_twice()
    {
        const string Message = "Backward: a backward pass has gone through this graph already ({0}). "
            + "Compute the loss again, or pass keepGraph: true the first time.";
        Tensor square = x * x;
        Tensor loss = square.Sum();
        loss.Backward();
        Refuses<InvalidOperationException>(Message.Replace("{0}", "Sum", StringComparison.Ordinal), () => loss.Backward());
        Refuses<InvalidOperationException>(Message.Replace("{0}", "Multiply", StringComparison.Ordinal), () => square.Mean().Backward());
    }

    [Fact]
    public void Editing_values_that_the_backward_pass_needs()
    {
        const string Message = "the backward pass needs values [2, 3] that were edited after the forward pass. "
            + "Edit a Detach().Keep() copy, or edit after Backward().";
        Tensor input = (x * x).Sum();
        x[0, 1] = 7;
        Refuses<InvalidOperationException>("Multiply: " + Message, () => input.Backward());

        Tensor output = x.Exp();
        Tensor loss = output.Sum();
        output.Fill(1);
        Refuses<InvalidOperationException>("Exp: " + Message, () => loss.Backward());

        Tensor view = x.Reshape(6);
        Tensor log = x.Log().Sum();
        view.Edit<float>(values => values[0] = 1);
        Refuses<InvalidOperationException>("Log: " + Message, () => log.Backward());
    }

    [Fact]
    public void An_edit_that_is_refused_is_none()
    {
        Tensor loss = (x * x).Sum();
        Assert.Throws<InvalidOperationException>(() => x.Edit<double>(values => values.Clear()));
        Assert.Throws<InvalidOperationException>(() => x.EditableValues<double>());
        Tensor ended;
        using (new Step())
            ended = x.Detach() * 2;
        Assert.Throws<ObjectDisposedException>(() => x.CopyFrom(ended));
        loss.Backward();

        using Step step = new();
        Tensor inItsPlace = x * 2;
        Tensor square = (inItsPlace * inItsPlace).Sum();
        Assert.Throws<ObjectDisposedException>(() => ended.Fill(0));
        Assert.Throws<ObjectDisposedException>(() => ended[0, 0] = 0);
        square.Backward();
    }

    [Fact]
    public void Editing_an_attention_that_the_backward_pass_needs()
    {
        Tensor y = x.Reshape(1, 2, 3).AttendPacked(new AttentionAttributes(1, null, false, 0, default), out Tensor weights);
        Tensor sum = y.Sum();
        weights.Fill(0); // a copy for the caller
        y.Fill(0);
        Refuses<InvalidOperationException>(
            "ScaledDotProductAttention: the backward pass needs values [1, 2, 1] that were edited after the forward pass. "
            + "Edit a Detach().Keep() copy, or edit after Backward().",
            () => sum.Backward());
    }

    [Fact]
    public void Editing_values_that_the_backward_pass_does_not_need_is_allowed()
    {
        Tensor sum = (x + x).Sum();
        x.Fill(0);
        sum.Backward();
        Assert.Equal([2, 2, 2, 2, 2, 2], x.Gradient!.ToDoubles());
    }

    [Fact]
    public void Mixed_types() => Refuses<ArgumentException>(
        "Multiply: inputs have one dtype, not Float32 and Float64; convert one with To(DType).", () => x * x.To(DType.Float64));

    [Fact]
    public void Shapes_that_do_not_fit()
    {
        Tensor other = Tensor.Zeros([4, 5]);
        Refuses<ArgumentException>("MatMul: inner sizes differ, a [2, 3] · b [4, 5] (3 ≠ 4)", () => x.MatMul(other));
        Refuses<ArgumentException>("MatMul: inner sizes differ, a [2, 3]ᵀ · b [4, 5]ᵀ (2 ≠ 5)", () => x.MatMul(other, true, true));
        Refuses<ArgumentException>("MatMul: both inputs are matrices or batches of them, not a [2, 3] · b [3]", () => x.MatMul(Tensor.Zeros([3])));
        Refuses<ArgumentException>("Add: shapes [2, 3] and [4, 5] do not broadcast (axis −1: 3 ≠ 5, and neither is 1)", () => x + other);
        Refuses<ArgumentException>("Reshape: [2, 3] has 6 elements, [4] has 4", () => x.Reshape(4));
        Refuses<ArgumentException>("Permute: [0, 0] does not name each axis of [2, 3] once", () => x.Permute(0, 0));
        Refuses<ArgumentException>("Reduction: axis -1 of [2, 3] is named twice.", () => x.Sum(1, -1));
        Refuses<ArgumentException>("Shape: [2, 3] has no axis 2.", () => x.Softmax(2));
        Refuses<ArgumentException>("Softmax: a scalar has no axis to normalize over", () => Tensor.Scalar(1).Softmax());
        Refuses<ArgumentException>("Max: [0] has no largest element, the axes to reduce are empty", () => Tensor.Zeros([0]).Max());
        Refuses<ArgumentException>("Concatenate: [2, 3] and [4, 5] differ in another axis than 0", () => Tensor.Concatenate(0, x, other));
        Refuses<ArgumentException>("Slice: 2 from 2 do not lie within axis 1 of [2, 3] (3)", () => x.Slice(1, 2, 2));
        Refuses<ArgumentException>("Split: lengths add up to 2, but axis 1 of [2, 3] has 3.", () => x.Split(1, 1, 1));
        Refuses<ArgumentException>("Gather: the table is [rows, width], not [6]", () => x.Reshape(6).Gather(new Indices([0])));
        Refuses<ArgumentException>(
            "Linear: x is [.., inputs] and the weight [outputs, inputs], not x [2, 3] and weight [4, 5]", () => x.Linear(other));
        Refuses<ArgumentException>(
            "Linear: the bias is [2] as the weight [2, 3] has it, not [3]", () => x.Linear(x, Tensor.Zeros([3])));
        Refuses<ArgumentException>(
            "LayerNorm: x is [.., size], weight and bias are [size], not x [2, 3], weight [2], bias [3]",
            () => x.LayerNorm(Tensor.Zeros([2]), Tensor.Zeros([3])));
        Refuses<ArgumentException>(
            "CrossEntropy: logits are [.., classes] and targets [..], not [2, 3] and [3]", () => x.CrossEntropy(new Indices([0, 0, 0])));
        Refuses<ArgumentException>(
            "CrossEntropy: every one of the targets [2] is ignored, the mean has no term",
            () => x.CrossEntropy(new Indices([1, 1]), ignoredTarget: 1));
        Refuses<ArgumentException>(
            "Where: shapes [5] and [2, 3] do not broadcast (axis −1: 5 ≠ 3, and neither is 1)",
            () => Tensor.Where(new Mask(new bool[5], [5]), x, x));
    }

    [Fact]
    public void Attention_that_does_not_fit()
    {
        Tensor q = Tensor.Zeros([1, 2, 4]);
        Refuses<ArgumentException>(
            "ScaledDotProductAttention: inputs are [batch, length, modelSize], keys and values of one length, not [1, 2, 4], [1, 3, 4], [1, 2, 4]",
            () => q.Attend(Tensor.Zeros([1, 3, 4]), q, new AttentionAttributes(1, null, false, 0, default), out _));
        foreach (int heads in new[] { 3, 0, -1 })
        {
            Refuses<ArgumentException>(
                $"ScaledDotProductAttention: modelSize 4 does not divide into {heads} heads",
                () => q.Attend(q, q, new AttentionAttributes(heads, null, false, 0, default), out _));
        }

        Refuses<ArgumentException>(
            "ScaledDotProductAttention: the mask [1, 2, 2, 2] does not broadcast to [batch, head, targetLength, sourceLength] = [1, 1, 2, 2]",
            () => q.Attend(q, q, new AttentionAttributes(1, new Mask(new bool[8], [1, 2, 2, 2]), false, 0, default), out _));
    }

    [Fact]
    public void Use_after_a_step_ended()
    {
        const string Message = "This tensor was made inside a step that has ended, and its memory serves other tensors now. "
            + "Read it before the step ends, or call Keep() on it there.";
        Tensor y, kept;
        using (new Step())
        {
            y = x * x;
            kept = y.Keep();
        }

        Assert.Equal(36, kept[1, 2]);
        Assert.Contains(Message, Assert.Throws<ObjectDisposedException>(() => y[0, 0]).Message, StringComparison.Ordinal);
        Assert.Contains(Message, Assert.Throws<ObjectDisposedException>(() => y + x).Message, StringComparison.Ordinal);
        Assert.Equal("[2, 3] Float32 ← Multiply (its step has ended)", y.ToString());
    }

    [Fact]
    public void Backward_after_the_step_ended()
    {
        Tensor loss;
        using (new Step())
            loss = x.Mean();
        Assert.Contains(
            "Backward: the step in which Mean was computed has ended. Call Backward() before the step ends.",
            Assert.Throws<ObjectDisposedException>(() => loss.Backward()).Message, StringComparison.Ordinal);
        Assert.Null(x.Gradient);
    }

    [Fact]
    public void Stepping_on_after_the_step_ended()
    {
        Step step = new();
        IEnumerator<Operation> steps = (x * x).Sum().BackwardSteps().GetEnumerator();
        Assert.True(steps.MoveNext());
        step.Dispose();
        Assert.Throws<ObjectDisposedException>(() => steps.MoveNext());
    }

    [Fact]
    public void Steps_that_end_out_of_order_or_elsewhere()
    {
        Step outer = new();
        Step inner = new();
        Refuses<InvalidOperationException>("Step: end the inner step before the outer one.", outer.Dispose);
        Graph.OnNewThread(() => Refuses<InvalidOperationException>("Step: a step ends on the thread that began it.", inner.Dispose));
        inner.Dispose();
        outer.Dispose();
        Assert.Null(Step.Current);
        using NoGradient scope = new();
        Graph.OnNewThread(() =>
        {
            Refuses<InvalidOperationException>("NoGradient: a scope is closed on the thread that opened it.", scope.Dispose);
            Assert.False(NoGradient.IsActive);
        });
    }

    [Fact]
    public void One_graph_from_two_threads()
    {
        Tensor y = x * x;
        Tensor loss = y.Sum();
        int here = Environment.CurrentManagedThreadId;
        Graph.OnNewThread(() =>
        {
            Refuses<InvalidOperationException>(
                $"Exp: input [2, 3] was computed on thread {here}, this is thread {Environment.CurrentManagedThreadId}. "
                + "A graph belongs to one thread; hand tensors over with Detach().",
                () => y.Exp());
            Refuses<InvalidOperationException>(
                "Backward: this graph was recorded on another thread; walk it there.", () => loss.Backward());
            Assert.Equal(91, y.Detach().Sum().Item());
        });
        IEnumerable<Operation> steps = loss.BackwardSteps();
        Graph.OnNewThread(() => Refuses<InvalidOperationException>(
            "Backward: this graph was recorded on another thread; walk it there.", () => steps.First()));
    }

    [Fact]
    public void Operations_out_of_turn()
    {
        Operation negate = OperationCatalogue.Make("Negate", [x], null);
        Refuses<InvalidOperationException>("Negate: call Apply() first.", () => negate.Output);
        negate.Apply();
        Refuses<InvalidOperationException>("Negate: an operation is applied once; make a new one.", () => negate.Apply());
        Refuses<KeyNotFoundException>(
            "OperationCatalogue: there is no operation Cube. Make your own known with OperationCatalogue.Register(\"Cube\", …).",
            () => OperationCatalogue.Make("Cube", [x], null));
        Refuses<InvalidOperationException>(
            "RequiresGradient is set on leaves; this tensor was computed. Detach() it first.", () => negate.Output.AsLeaf());
        Tensor frozen = x.Exp().Sum();
        x.RequiresGradient = false;
        Refuses<InvalidOperationException>(
            "Exp: [2, 3] is no input that requires a gradient. Ask Needs(input) before ContributionTo(input), "
            + "and set RequiresGradient before the forward pass.",
            () => frozen.Backward());
    }

    [Fact]
    public void Gradient_checks_that_check_nothing()
    {
        Refuses<ArgumentException>("GradientCheck: name the leaves whose gradients are to be checked.", () => GradientCheck.Run(() => x.Sum()));
        Assert.Contains("is to be a Float64 leaf", Assert.Throws<ArgumentException>(() => GradientCheck.Run(() => x.Sum(), x)).Message, StringComparison.Ordinal);
    }

    private static void Refuses<TException>(string message, Action action)
        where TException : Exception => Assert.Equal(message, Assert.Throws<TException>(action).Message);

    private static void Refuses<TException>(string message, Func<object> function)
        where TException : Exception => Assert.Equal(message, Assert.Throws<TException>(function).Message);
}
