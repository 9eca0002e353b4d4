using Transformer.Training.Schedules;
using Xunit;

namespace Training.Tests.Schedules;

public class LearningRateScheduleTests
{
    [Fact]
    public void Noams_schedule_is_the_formula_of_the_paper()
    {
        // modelSize 512, warm-up 4000: step 1 → 512^−½ · 4000^−1.5 = 1.7469e-7; the peak 512^−½ · 4000^−½ = 6.9877e-4; at 16,000 half of it.
        InverseSquareRootSchedule noam = InverseSquareRootSchedule.Noam(512, 4000);
        Assert.Equal(1.7469281074e-7, noam.RateAt(1), 1e-16);
        Assert.Equal(6.9877124297e-4, noam.RateAt(4000), 1e-13);
        Assert.Equal(6.9877124297e-4 / 2, noam.RateAt(16000), 1e-13);
        for (long step = 1; step < 20000; step += 371)
        {
            double paper = Math.Pow(512, -0.5) * Math.Min(Math.Pow(step, -0.5), step * Math.Pow(4000, -1.5));
            Assert.Equal(paper, noam.RateAt(step), paper * 1e-12);
        }
    }

    [Fact]
    public void The_inverse_square_root_is_linear_up_to_its_peak()
    {
        InverseSquareRootSchedule schedule = new(0.4, 4);
        double[] expected = [0.1, 0.2, 0.3, 0.4, 0.4 * Math.Sqrt(4 / 5.0)];
        Assert.All(expected.Select((rate, i) => (rate, i)), at => Assert.Equal(at.rate, schedule.RateAt(at.i + 1), 1e-15));
        Assert.Equal(0.2, schedule.RateAt(16), 1e-15);
        Assert.Equal(0.1, schedule.RateAt(64), 1e-15);
    }

    [Fact]
    public void The_cosine_falls_from_peak_to_floor()
    {
        // Warm-up 2, total 10: 0.5, 1 | at step 4, a quarter of the way, cos 45°; at step 6, half of it; at step 10 the floor, and from there on.
        CosineSchedule schedule = new(Peak: 1, WarmUpSteps: 2, TotalSteps: 10, Floor: 0.2);
        Assert.Equal(0.5, schedule.RateAt(1), 1e-15);
        Assert.Equal(1, schedule.RateAt(2), 1e-15);
        Assert.Equal(0.2 + (0.8 * (1 + Math.Sqrt(0.5)) / 2), schedule.RateAt(4), 1e-15);
        Assert.Equal(0.6, schedule.RateAt(6), 1e-15);
        Assert.Equal(0.2, schedule.RateAt(10), 1e-15);
        Assert.Equal(0.2, schedule.RateAt(1_000_000_000_000), 1e-15);
    }

    [Fact]
    public void A_cosine_without_warm_up_begins_just_below_its_peak() =>
        Assert.Equal((1 + Math.Cos(Math.PI / 4)) / 2, new CosineSchedule(1, 0, 4).RateAt(1), 1e-15);

    [Fact]
    public void A_constant_rate_is_constant() => Assert.Equal(0.25, new ConstantSchedule(0.25).RateAt(long.MaxValue));

    [Fact]
    public void Steps_count_from_one() => Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule(1).RateAt(0));

    [Fact]
    public void A_warm_up_that_would_make_every_rate_zero_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new InverseSquareRootSchedule(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => InverseSquareRootSchedule.Noam(512, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(1, -1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(1, 10, 10));
    }
}
