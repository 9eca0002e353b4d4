namespace Transformer.Autograd.Files;

/// <summary>Whether a file may come without a SHA-256. One that is there is always verified.</summary>
public enum HashRequirement
{
    /// <summary>A file without a hash is refused: our own files, where no altered byte may stay unseen.</summary>
    Required,

    /// <summary>A file without a hash is read, with every other check: files that other programs wrote.</summary>
    Optional,
}
