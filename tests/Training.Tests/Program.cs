using Training.Tests.Checkpoints;

namespace Training.Tests;

/// <summary>The test runner loads this assembly as a library; as a program it is the process that a test kills.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is [SaveLoop.Verb, var path])
        {
            SaveLoop.Run(path);
        }

        if (arguments is [SaveLoop.TranslatorVerb, var folder])
        {
            SaveLoop.RunTranslators(folder);
        }

        Console.Error.WriteLine("run the tests with: dotnet test");
        return 2;
    }
}
