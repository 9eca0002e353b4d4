using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Transformer.Autograd.Debugging;

/// <summary>Finds the lines of source code that are running: the caller of an operation, and the program that uses the library.</summary>
internal sealed class SourceLines
{
    private const string Engine = "Transformer.Autograd";
    private static readonly string[] Library = [Engine, "Transformer.Layers", "Transformer.Training"];

    // A recording must not fail for a folder that this user may not list: then a path is shorter, or a line's text empty.
    private static readonly EnumerationOptions Listable = new() { IgnoreInaccessible = true };

    private readonly Dictionary<(MethodBase Method, int Offset), SourceFrame?> frames = [];
    private readonly Dictionary<string, (string Relative, string[] Lines)> files = [];

    // Not inlined: the numbers of frames are counted from here.
    /// <summary>The innermost line outside the library, and the innermost outside the engine; null where there are no symbols.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
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

    // File and line are looked up once for each place in a method: reading symbols is slow.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private SourceFrame? Frame(StackFrame frame, MethodBase method, int index)
    {
        (MethodBase, int) key = (method, frame.GetILOffset());
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
            files[path] = file = (Relative(path), LinesOf(path));
        string text = line >= 1 && line <= file.Lines.Length ? file.Lines[line - 1].Trim() : string.Empty;
        return new SourceFrame(file.Relative, line, MethodName(method), text);
    }

    private static string[] LinesOf(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // The compiler's names for lambdas, local functions and iterators hold the name of the method that they stand in:
    // <>c.<Train>b__0, Model.<Forward>g__Row|0_0, <Steps>d__1.MoveNext.
    private static string MethodName(MethodBase method)
    {
        string name = Written(method.Name);
        Type? type = method.DeclaringType;
        while (type is { DeclaringType: { } outer } && type.Name.StartsWith('<'))
        {
            if (method.Name == "MoveNext")
                name = Written(type.Name);
            type = outer;
        }

        return type is null ? name : $"{type.Name}.{name}";

        static string Written(string name) =>
            name.StartsWith('<') && name.IndexOf('>', StringComparison.Ordinal) is > 1 and int end ? name[1..end] : name;
    }

    // From the folder that holds a solution or a repository; a machine's own folders are nobody else's business.
    private static string Relative(string path)
    {
        string file = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        // Another system's path is none here, and would be taken for a part of the present folder.
        if (!Path.IsPathFullyQualified(path))
            return file;
        DirectoryInfo? root = Above(path, folder => Path.Exists(Path.Combine(folder.FullName, ".git")))
            ?? Above(path, folder => folder.EnumerateFiles("*.sln*", Listable).Any());
        return root is null ? file : Path.GetRelativePath(root.FullName, path).Replace('\\', '/');
    }

    private static DirectoryInfo? Above(string path, Func<DirectoryInfo, bool> isRoot)
    {
        DirectoryInfo? folder = new FileInfo(path).Directory;
        while (folder is not null && !(folder.Exists && isRoot(folder)))
            folder = folder.Parent;
        return folder;
    }
}
