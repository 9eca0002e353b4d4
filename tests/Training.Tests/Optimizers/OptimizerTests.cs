using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Testing;
using Transformer.Training.Optimizers;
using Xunit;

namespace Training.Tests.Optimizers;

public class OptimizerTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData("adam")]
    [InlineData("adam_transformer")]
    [InlineData("adam_l2")]
    [InlineData("adamw")]
    [InlineData("adamw_changing_rate")]
    [InlineData("sgd")]
    [InlineData("sgd_momentum")]
    [InlineData("sgd_momentum_decay")]
    public void Five_steps_equal_PyTorchs(string name)
    {
        ReferenceCase reference = Transformer.Testing.References.Load("optimizers")[name];
        Parameter parameter = new(Tensor(reference["parameter"]));
        Optimizer optimizer = Create(name, reference, parameter);
        for (int step = 1; step <= 5; step++)
        {
            SetGradient(parameter, reference[$"gradient:{step}"]);
            optimizer.LearningRate = reference["learningRates"].Values[step - 1];
            optimizer.Step();
            Close(reference[$"parameter:{step}"], parameter.ToDoubles());
        }

        foreach ((string key, string state) in new[] { ("firstMoment", "first_moment."), ("secondMoment", "second_moment."), ("velocity", "velocity.") })
        {
            if (reference.Has(key))
                Close(reference[key], optimizer.State.Single(entry => entry.Name == state).Value.ToDoubles());
        }
    }

    [Fact]
    public void Nesterovs_first_two_steps_by_hand()
    {
        // μ = ½, η = 0.1, g = 1: b = 1, p = 0 − 0.1 (1 + ½ · 1) = −0.15; b = 1.5, p = −0.15 − 0.1 (1 + ½ · 1.5) = −0.325
        Parameter parameter = new(Transformer.Autograd.Tensor.From([0], dtype: DType.Float64));
        GradientDescent descent = new([parameter], 0.1, new GradientDescentOptions(Momentum: 0.5, Nesterov: true));
        parameter.Sum().Backward();
        descent.Step();
        Assert.Equal(-0.15, parameter.Item(), 1e-15);
        descent.Step();
        Assert.Equal(-0.325, parameter.Item(), 1e-15);
    }

    [Fact]
    public void A_parameter_without_gradient_stays_as_it_is()
    {
        Parameter parameter = new(Transformer.Autograd.Tensor.From([3], dtype: DType.Float64));
        new Adam([parameter], 1, new AdamOptions(WeightDecay: 0.5, DecoupledDecay: true)).Step();
        Assert.Equal(3, parameter.Item());
    }

    [Theory]
    [InlineData("above")]
    [InlineData("below")]
    [InlineData("just_below")]
    public void Clipping_equals_PyTorchs(string name)
    {
        ReferenceCase reference = Transformer.Testing.References.Load("clipping")[name];
        Parameter[] parameters = [.. Enumerable.Range(1, 3).Select(i => new Parameter(Tensor(reference[$"gradient:{i}"])))];
        for (int i = 0; i < parameters.Length; i++)
        {
            SetGradient(parameters[i], reference[$"gradient:{i + 1}"]);
            parameters[i].Fill(0);
        }

        double norm = GradientClipping.GlobalNorm(parameters);
        Assert.Equal(reference["norm"].Values[0], norm, Tolerance);
        // p = 0 − 1 · clipped gradient
        new GradientDescent(parameters, 1).Step(GradientClipping.Scale(norm, reference.Number("maximumNorm")));
        for (int i = 0; i < parameters.Length; i++)
            Close(reference[$"clipped:{i + 1}"], [.. parameters[i].ToDoubles().Select(value => -value)]);
    }

    [Fact]
    public void Gradients_of_zero_are_not_divided_by_their_norm() => Assert.Equal(1, GradientClipping.Scale(0, 1));

    private static Optimizer Create(string name, ReferenceCase reference, Parameter parameter)
    {
        double decay = reference.Attributes.ContainsKey("weightDecay") ? reference.Number("weightDecay") : 0;
        if (name.StartsWith("sgd", StringComparison.Ordinal))
        {
            double momentum = reference.Attributes.ContainsKey("momentum") ? reference.Number("momentum") : 0;
            return new GradientDescent([parameter], 0, new GradientDescentOptions(momentum, WeightDecay: decay));
        }

        return new Adam([parameter], 0, new AdamOptions(
            reference.Number("beta1"), reference.Number("beta2"), reference.Number("epsilon"), decay,
            DecoupledDecay: name.StartsWith("adamw", StringComparison.Ordinal)));
    }

    // ∂(Σ p ⊙ g)/∂p = g
    private static void SetGradient(Parameter parameter, ReferenceTensor gradient)
    {
        parameter.ZeroGradient();
        (parameter * Tensor(gradient)).Sum().Backward();
    }

    private static Tensor Tensor(ReferenceTensor tensor) =>
        Transformer.Autograd.Tensor.From(tensor.Values, Shape.Create(tensor.Shape), DType.Float64);

    private static void Close(ReferenceTensor expected, double[] actual)
    {
        Assert.Equal(expected.Values.Length, actual.Length);
        Assert.All(expected.Values.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }
}
