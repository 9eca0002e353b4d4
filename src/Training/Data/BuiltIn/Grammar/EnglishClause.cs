namespace Transformer.Training.Data.BuiltIn.Grammar;

/// <summary>
/// Puts a clause into English: subject, verb, objects, goal, company, place, time, whatever the order of the German
/// clause. Only a fronted time or place stays in front.
/// </summary>
internal static class EnglishClause
{
    public static void Append(List<Token> output, Clause clause)
    {
        if (clause.Conjunction is { } conjunction)
            output.Add(new Token(conjunction.English, new Link(clause, Part.Conjunction)));
        if (clause.Gap is not null && clause.Gap == clause.Accusative)
            clause.Accusative.AppendEnglish(output, asSubject: false);

        // Who read the book? keeps the order of a statement; all other questions are inverted.
        bool isInverted = clause.IsQuestion && clause.Front != Front.Subject;
        Front front = clause.Conjunction is null && clause.Gap is null ? clause.Front : Front.None;
        AppendFront(output, clause, front);

        EnglishVerbGroup verbs = EnglishVerbGroup.Of(clause, needsOperator: isInverted || clause.IsNegated);
        if (isInverted)
            output.Add(verbs.Operator!);
        clause.Subject.AppendEnglish(output, asSubject: true);
        AppendOperatorAndNegation(output, clause, isInverted ? null : verbs.Operator);

        // often, always, never: after the operator, before the main verb
        if (clause.Frequency is { } frequency)
            output.Add(new Token(frequency.English, new Link(clause, Part.Frequency)));
        output.AddRange(verbs.Rest);
        AppendObjects(output, clause, hasObjectInFront: front == Front.Object || clause.Gap == clause.Accusative);

        clause.Predicate?.Append(output, german: false);
        clause.Goal?.AppendEnglish(output);
        clause.Companion?.AppendEnglish(output);
        if (front != Front.Place)
            clause.Place?.AppendEnglish(output);
        if (front != Front.Time)
            clause.Time?.AppendEnglish(output, clause);
    }

    private static void AppendFront(List<Token> output, Clause clause, Front front)
    {
        switch (front)
        {
            case Front.Object:
                clause.Accusative!.AppendEnglish(output, asSubject: false);
                break;
            case Front.Time:
                clause.Time!.AppendEnglish(output, clause);
                break;
            case Front.Place:
                clause.Place!.AppendEnglish(output);
                break;
            case Front.QuestionAdverb:
                output.Add(new Token(clause.QuestionAdverb!.English, new Link(clause, Part.Question)));
                break;
            default:
                break;
        }
    }

    private static void AppendOperatorAndNegation(List<Token> output, Clause clause, Token? verb)
    {
        var negation = new Link(clause, Part.Negation);
        if (clause.IsNegated && verb is { Text: "can" })
        {
            output.Add(new Token("cannot", [.. verb.Links, negation]));
            return;
        }

        if (verb is not null)
            output.Add(verb);
        if (clause.IsNegated)
            output.Add(new Token("not", negation));
    }

    // He picked the child up would be possible too; the particle stays at the verb except before a pronoun: picked him up.
    private static void AppendObjects(List<Token> output, Clause clause, bool hasObjectInFront)
    {
        Nominal? accusative = hasObjectInFront ? null : clause.Accusative;
        Token? particle = clause.Verb.EnglishParticle.Length > 0
            ? new Token(clause.Verb.EnglishParticle, new Link(clause, Part.Particle))
            : null;
        bool isParticleLast = accusative is { IsPronoun: true } && !clause.Verb.EnglishParticleIsPreposition;
        if (particle is not null && !isParticleLast)
            output.Add(particle);

        // give the child an apple: the same order as in German
        clause.Dative?.AppendEnglish(output, asSubject: false);
        accusative?.AppendEnglish(output, asSubject: false);
        if (particle is not null && isParticleLast)
            output.Add(particle);
    }
}
