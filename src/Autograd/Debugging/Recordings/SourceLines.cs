using System.Diagnostics;
using System.Reflection;

namespace Transformer.Autograd.Debugging;

/// <summary>Finds the lines of source code that are running: the caller of an operation, and the program that uses the library.</summary>
internal sealed class SourceLines
{
    private const string Engine = "Transformer.Autograd";
    private static readonly string[] Library = [Engine, "Transformer.Layers", "Transformer.Training"];

    private readonly Dictionary<(MethodBase Method, int Offset), SourceFrame?> frames = [];
    private readonly Dictionary<string, (string Relative, string[] Lines)> files = [];

    /// <summary>The innermost line outside the library, and the innermost outside the engine; null where there are no symbols.</summary>
    public (SourceFrame? User, SourceFrame? Layer) Find()
    {
        StackTrace trace = new(skipFrames: 1, fNeedFileInfo: false);
        SourceFrame? layer = null;
        for (int i = 0; i < trace.FrameCount; i++)
        {
            if (trace.GetFrame(i) is not { } frame || frame.GetMethod() is not { } method)
                continue;
            string assembly = method.Module.Assembly.GetName().Name ?? string.Empty;
            if (assembly == Engine || assembly.StartsWith("System.", StringComparison.Ordinal))
                continue;
            layer ??= Frame(frame, method, i);
            if (!Library.Contains(assembly))
                return (Frame(frame, method, i), layer);
        }

        return (null, layer);
    }

    // File and line are looked up once for each place in the machine code: reading symbols is slow.
    private SourceFrame? Frame(StackFrame frame, MethodBase method, int index)
    {
        (MethodBase, int) key = (method, frame.GetNativeOffset());
        if (frames.TryGetValue(key, out SourceFrame? known))
            return known;
        // One deeper for this method, one for Find.
        StackFrame detailed = new(index + 2, needFileInfo: true);
        string? path = detailed.GetMethod() == method ? detailed.GetFileName() : null;
        return frames[key] = path is null ? null : Describe(path, detailed.GetFileLineNumber(), method);
    }

    private SourceFrame Describe(string path, int line, MethodBase method)
    {
        if (!files.TryGetValue(path, out (string Relative, string[] Lines) file))
            files[path] = file = (Relative(path), File.Exists(path) ? File.ReadAllLines(path) : []);
        string text = line >= 1 && line <= file.Lines.Length ? file.Lines[line - 1].Trim() : string.Empty;
        return new SourceFrame(file.Relative, line, $"{method.DeclaringType?.Name}.{method.Name}", text);
    }

    // From the folder that holds a solution or a repository; a machine's own folders are nobody else's business.
    private static string Relative(string path)
    {
        for (DirectoryInfo? folder = new FileInfo(path).Directory; folder is not null; folder = folder.Parent)
        {
            bool isRoot = folder.Exists
                && (Path.Exists(Path.Combine(folder.FullName, ".git")) || folder.EnumerateFiles("*.sln*").Any());
            if (isRoot)
                return Path.GetRelativePath(folder.FullName, path).Replace('\\', '/');
        }

        return path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
    }
}
