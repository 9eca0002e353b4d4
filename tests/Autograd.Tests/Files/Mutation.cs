namespace Autograd.Tests.Files;

/// <summary>One to three random changes to a file: bytes set, bits flipped, bytes put in or taken out, ranges swapped, repeated or cleared.</summary>
internal static class Mutation
{
    /// <returns>Bytes that differ from the given ones.</returns>
    internal static byte[] Of(byte[] whole, Random random)
    {
        while (true)
        {
            var bytes = whole;
            for (var changes = random.Next(1, 4); changes > 0 && bytes.Length > 1; changes--)
            {
                bytes = Change(bytes, random);
            }

            if (!bytes.AsSpan().SequenceEqual(whole))
            {
                return bytes;
            }
        }
    }

    private static byte[] Change(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length);
        var end = Math.Min(bytes.Length, at + random.Next(1, 20));
        byte[] some = new byte[random.Next(1, 9)];
        random.NextBytes(some);
        byte[] copy = [.. bytes];
        switch (random.Next(8))
        {
            case 0:
                copy[at] ^= (byte)(1 << random.Next(8));
                return copy;
            case 1:
                copy[at] = some[0];
                return copy;
            case 2:
                // Digits and letters keep the JSON whole more often than any byte does.
                copy[at] = "0123456789abcdefF{}[]\",: "u8[random.Next(25)];
                return copy;
            case 3:
                return [.. bytes[..at], .. some, .. bytes[at..]];
            case 4:
                return [.. bytes[..at], .. bytes[end..]];
            case 5:
                var middle = random.Next(at, end);
                return [.. bytes[..at], .. bytes[middle..end], .. bytes[at..middle], .. bytes[end..]];
            case 6:
                return [.. bytes[..end], .. bytes[at..end], .. bytes[end..]];
            default:
                copy.AsSpan(at, end - at).Clear();
                return copy;
        }
    }
}
