using System.Text;

namespace Transformer.Autograd.Files;

/// <summary>
/// What reader and writer agree on. A file is: the header's length N in 8 bytes, little-endian; the header, N bytes of JSON, which may
/// end in spaces; the tensors' bytes, one after another.
/// <code>
/// {"__metadata__":{"file_sha256":"…64 digits…","step":"12"},"encoder.norm.bias":{"dtype":"F32","shape":[8],"data_offsets":[0,32]}, …}
/// </code>
/// The hash is ours, the rest is the format's. Its 64 digits stand at bytes 40 to 103 of the file (counted from 0), straight after
/// <c>{"__metadata__":{"file_sha256":"</c>; they are the SHA-256 of all other bytes, in lower case and nothing else, so that there
/// is one valid spelling and no altered byte can stay unseen.
/// </summary>
internal static class SafetensorsFormat
{
    internal const string MetadataName = "__metadata__";
    internal const string HashName = "file_sha256";
    internal const int LengthBytes = 8;

    /// <summary>The limit of the format's own library: a header is read into memory before anything in it can be checked.</summary>
    internal const int LongestHeader = 100_000_000;

    internal const int HashDigits = 64;

    private static readonly UTF8Encoding StrictText = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What stands before the digits; only a header that begins with these bytes carries a hash.</summary>
    internal static ReadOnlySpan<byte> BeforeHash => "{\"__metadata__\":{\"file_sha256\":\""u8;

    /// <summary>The 64 digits of a finished hash.</summary>
    internal static byte[] Digits(ReadOnlySpan<byte> hash) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash));

    /// <summary>Half a surrogate pair would be written as a replacement character, and two such names would become one.</summary>
    internal static void RequireText(string text, string parameter)
    {
        try
        {
            StrictText.GetByteCount(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException("the text holds half of a surrogate pair, which UTF-8 cannot", parameter, exception);
        }
    }

    /// <summary>The text with a replacement character for every half of a surrogate pair.</summary>
    internal static string Repaired(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>A name for a message; names from a damaged file may be megabytes long.</summary>
    internal static string Quote(string name) => name.Length <= 100 ? $"'{name}'" : $"'{name[..100]}…'";
}
