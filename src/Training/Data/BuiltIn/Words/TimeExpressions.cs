using Transformer.Training.Data.BuiltIn.Grammar;

namespace Transformer.Training.Data.BuiltIn.Words;

/// <summary>What a time says about the clause; it decides the tense on the English side.</summary>
internal enum TimeClass
{
    Past,
    Now,

    /// <summary>The present with it is simple in English: er liest jeden Tag, he reads every day.</summary>
    Habit,

    /// <summary>The German present with it is the English future: er kommt morgen, he will come tomorrow.</summary>
    Future,
}

/// <summary>A time and its translation word by word: <c>sources[i]</c> is the German word of the i-th English one.</summary>
internal sealed class TimeExpression(string german, string english, TimeClass timeClass, params int[] sources)
{
    public TimeClass Class { get; } = timeClass;

    public void AppendGerman(List<Token> output, Clause clause)
    {
        string[] words = german.Split(' ');
        for (int i = 0; i < words.Length; i++)
            output.Add(new Token(words[i], new Link(clause, Part.Time, i)));
    }

    public void AppendEnglish(List<Token> output, Clause clause)
    {
        string[] words = english.Split(' ');
        for (int i = 0; i < words.Length; i++)
            output.Add(new Token(words[i], new Link(clause, Part.Time, sources.Length > 0 ? sources[i] : i)));
    }

    public override string ToString() => german;
}

/// <summary>The times.</summary>
internal static class TimeExpressions
{
    public static readonly TimeExpression Today = new("heute", "today", TimeClass.Now);

    public static readonly TimeExpression[] All =
    [
        Today,
        new("jetzt", "now", TimeClass.Now),
        new("gestern", "yesterday", TimeClass.Past),
        new("gestern Abend", "yesterday evening", TimeClass.Past),
        new("heute Morgen", "this morning", TimeClass.Past),
        new("letzte Woche", "last week", TimeClass.Past),
        new("letzten Sommer", "last summer", TimeClass.Past),
        new("vor zwei Tagen", "two days ago", TimeClass.Past, 1, 2, 0),
        new("vor einer Stunde", "an hour ago", TimeClass.Past, 1, 2, 0),
        new("jeden Tag", "every day", TimeClass.Habit),
        new("jeden Morgen", "every morning", TimeClass.Habit),
        new("jede Woche", "every week", TimeClass.Habit),
        new("am Wochenende", "at the weekend", TimeClass.Habit, 0, 0, 1),
        new("im Sommer", "in summer", TimeClass.Habit),
        new("im Winter", "in winter", TimeClass.Habit),
        new("am Abend", "in the evening", TimeClass.Habit, 0, 0, 1),
        new("morgen", "tomorrow", TimeClass.Future),
        new("bald", "soon", TimeClass.Future),
        new("heute Abend", "this evening", TimeClass.Future),
        new("nächste Woche", "next week", TimeClass.Future),
        new("nächsten Sommer", "next summer", TimeClass.Future),
    ];

    public static TimeExpression[] Of(TimeClass timeClass) => [.. All.Where(time => time.Class == timeClass)];
}

/// <summary>How often: in the middle field in German, before the main verb in English.</summary>
internal sealed record Frequency(string German, string English)
{
    public static readonly Frequency[] All =
    [
        new("oft", "often"), new("immer", "always"), new("manchmal", "sometimes"), new("selten", "rarely"), new("nie", "never"),
    ];
}
