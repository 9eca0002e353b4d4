namespace Transformer.Autograd.Debugging;

/// <summary>Recorded numbers under the letter that a formula has for them: <c>x</c>, <c>dy</c>, <c>γ</c>.</summary>
internal sealed class Symbol(string name, Shape shape, Func<int, double> read, RecordedValues? values = null)
{
    public string Name => name;

    public Shape Shape => shape;

    /// <summary>One element, as a letter with its index and as its number.</summary>
    public Expression this[Place place] => new Element(name, place, read(place.Offset(shape)));

    /// <summary>One element of a vector or of the scalar that has no coordinates.</summary>
    public Expression this[params Coordinate[] coordinates] => this[new Place(coordinates)];

    /// <summary>The number at a row-major position.</summary>
    public double ValueAt(int position) => read(position);

    /// <summary>A run of numbers: rows are long where there are many classes.</summary>
    public double[] Run(int first, int count)
    {
        double[] run = new double[count];
        if (values is { DType: DType.Float32 })
        {
            ReadOnlySpan<float> singles = values.Values<float>().Slice(first, count);
            for (int i = 0; i < run.Length; i++)
                run[i] = singles[i];
        }
        else if (values is not null)
        {
            values.Values<double>().Slice(first, count).CopyTo(run);
        }
        else
        {
            for (int i = 0; i < run.Length; i++)
                run[i] = read(first + i);
        }

        return run;
    }

    // Its text is made only where it is printed: most terms of a long sum never are.
    private sealed class Element(string name, Place place, double value) : Expression(value)
    {
        public override Text Write(Form form) => form == Form.Symbols ? new($"{name}{place}", Binding.Atom) : Text.Of(Value);
    }
}
