using Training.Tests.Data;
using Transformer.Layers;
using Transformer.Training;
using Transformer.Training.Checkpoints;
using Xunit;

namespace Training.Tests;

public class MovingAverageTests
{
    [Fact]
    public void Each_step_keeps_its_share_of_the_average()
    {
        // d = min(0.25, (1 + t) / (10 + t)): 2/11 at t = 1, 3/12 at t = 2, then 0.25.
        TransformerModel model = Toy.Model(1);
        SetAll(model, 4);
        MovingAverage average = new(model, decay: 0.25);
        double expected = 4;
        foreach ((int step, double value, double decay) in ((int, double, double)[])[(1, 15, 2 / 11.0), (2, 7, 0.25), (3, 1, 0.25)])
        {
            SetAll(model, value);
            average.Update(step);
            expected = (decay * expected) + ((1 - decay) * value);
        }

        Assert.All(average.State, entry => Assert.All(entry.Value.ToDoubles(), value => Assert.Equal(expected, value, 1e-14)));
    }

    [Fact]
    public void The_average_stands_in_for_the_parameters_and_leaves_them_as_they_were()
    {
        TransformerModel model = Toy.Model(1);
        MovingAverage average = new(model, 0.9);
        string first = ModelTensors.Sha256(model);
        SetAll(model, 2);
        string second = ModelTensors.Sha256(model);
        using (average.InPlaceOfParameters())
            Assert.Equal(first, ModelTensors.Sha256(model));
        Assert.Equal(second, ModelTensors.Sha256(model));
        Assert.Equal(first, ModelTensors.Sha256(Copy(model, average)));
    }

    [Fact]
    public void Validation_and_the_best_model_are_the_averages_and_training_does_not_notice()
    {
        TrainerOptions options = new() { Epochs = 2 };
        ToyRun plain = new(options);
        plain.Trainer.Run();

        ToyRun run = new(options with { AverageDecay = 0.9 });
        List<string> saved = [];
        List<string> trained = [];
        run.Trainer.SaveBest = () =>
        {
            saved.Add(run.Sha256);
            using IDisposable parameters = run.Trainer.Average!.InPlaceOfParameters(); // exchanged once more
            trained.Add(run.Sha256);
        };
        run.Trainer.Run();

        Assert.Equal(plain.Sha256, run.Sha256);
        Assert.Equal(2, saved.Count);
        Assert.Equal(plain.Sha256, trained[^1]);
        Assert.NotEqual(trained[^1], saved[^1]);
        Assert.NotEqual(plain.Trainer.History.Validation.ToNumbers(), run.Trainer.History.Validation.ToNumbers());
    }

    [Fact]
    public void A_resumed_run_has_the_same_average()
    {
        using TemporaryFolder folder = new();
        TrainerOptions options = new() { Epochs = 2, AverageDecay = 0.9 };
        ToyRun whole = new(options);
        whole.Trainer.Run();

        string path = folder["checkpoint.safetensors"];
        ToyRun first = new(options with { Epochs = 1 });
        first.Trainer.SaveCheckpoint = () => TrainingCheckpoint.Save(
            path, first.Model, first.Optimizer, first.Trainer.Position, first.Trainer.History, new Dictionary<string, string>(), first.Trainer.Average);
        first.Trainer.Run();
        ToyRun second = new(options);
        (second.Trainer.Position, second.Trainer.History) =
            TrainingCheckpoint.Load(path, second.Model, second.Optimizer, new Dictionary<string, string>(), second.Trainer.Average);
        second.Trainer.Run();

        Assert.Equal(whole.Sha256, second.Sha256);
        Assert.Equal(whole.Trainer.Average!.State.Select(entry => entry.Value.ToDoubles()), second.Trainer.Average!.State.Select(entry => entry.Value.ToDoubles()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void The_decay_lies_between_0_and_1(double decay) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MovingAverage(Toy.Model(1), decay));

    private static TransformerModel Copy(TransformerModel model, MovingAverage average)
    {
        TransformerModel copy = Toy.Model(2);
        using IDisposable averaged = average.InPlaceOfParameters();
        foreach ((Parameter to, Parameter from) in copy.Parameters().Zip(model.Parameters()))
            to.CopyFrom(from);
        return copy;
    }

    private static void SetAll(TransformerModel model, double value)
    {
        foreach (Parameter parameter in model.Parameters())
            parameter.Fill(value);
    }
}
