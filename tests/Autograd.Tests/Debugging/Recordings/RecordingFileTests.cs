using System.Runtime.CompilerServices;
using System.Text;
using Autograd.Tests.Files;
using Autograd.Tests.Gradients;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>A recording that was saved and loaded is the recording.</summary>
public class RecordingFileTests
{
    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void Every_operation_of_the_catalogue_survives_the_file(string name)
    {
        GradientCase one = Cases.Named(name);
        Properties.Check(
            4,
            drawing =>
            {
                GradientProblem problem = one.Make(drawing.Begin());
                Recording recording = RecordingSamples.Of(problem.Apply);
                Assert.Contains(recording.Operations, operation => operation.Kind == one.Name);
                RecordingEquality.AssertSame(recording, RecordingBytes.Read(RecordingBytes.Of(recording)));
            },
            one.Shapes);
    }

    [Fact]
    public void Everything_else_survives_the_file()
    {
        Recording recording = RecordingSamples.Rich();
        Recording again = RecordingBytes.Read(RecordingBytes.Of(recording));
        RecordingEquality.AssertSame(recording, again);

        // The sample has what its description says.
        Assert.Contains(again.Tensors, tensor => tensor.GradientBefore is not null);
        Assert.Contains(again.Tensors, tensor => tensor.Version == 2);
        Assert.Equal(2, again.Tensors.Count(tensor => tensor.DetachedFrom?.Producer?.Kind == "Where"));
        Assert.Contains(again.Timeline, entry => entry.Kind == TimelineEventKind.GradientReset);
        Assert.Equal([1, 2, 3], again.Timeline.Where(entry => entry.Kind == TimelineEventKind.BackwardStart).Select(entry => entry.Pass));
        Assert.Contains(again.Operations, operation => operation.UserLine is not null && operation.Module == "encoder.layers.0");
        Mask[] masks = [.. again.Operations.Select(operation => operation.Attributes).OfType<WhereAttributes>().Select(where => where.Condition)];
        Assert.Equal(2, masks.Length);
        Assert.Same(masks[0], masks[1]);
        foreach (RecordedTensor tensor in recording.Tensors)
            RecordingEquality.AssertSame(recording.GradientOf(tensor), again.GradientOf(again.Tensors[tensor.Id]));
    }

    [Fact]
    public void Equal_recordings_make_equal_bytes_in_a_file_a_stream_and_again_after_loading()
    {
        using FilesFolder folder = new();
        Recording recording = RecordingSamples.Rich();
        byte[] bytes = RecordingBytes.Of(recording);
        RecordingFile.Save(recording, folder.File("step.safetensors"));
        Assert.Equal(bytes, File.ReadAllBytes(folder.File("step.safetensors")));
        Assert.Equal(bytes, RecordingBytes.Of(RecordingFile.Load(folder.File("step.safetensors"))));
    }

    [Fact]
    public void A_recording_that_cannot_be_written_is_an_error_that_names_the_file()
    {
        using FilesFolder folder = new();
        string path = folder.File("nowhere/step.safetensors");
        IOException error = Assert.Throws<IOException>(() => RecordingFile.Save(RecordingSamples.Custom(), path));
        Assert.StartsWith($"{path}: could not be saved: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_recording_survives_the_file()
    {
        using Recorder recorder = new();
        RecordingEquality.AssertSame(recorder.ToRecording(), RecordingBytes.Read(RecordingBytes.Of(recorder.ToRecording())));
    }

    [Fact]
    public void NaN_infinities_and_negative_zero_survive_in_values_and_in_the_statistics_of_what_was_left_out()
    {
        Recording complete = RecordingSamples.NonFinite();
        RecordingEquality.AssertSame(complete, RecordingBytes.Read(RecordingBytes.Of(complete)));

        Recording partial = RecordingSamples.NonFinite(largestTensor: 2);
        Recording again = RecordingBytes.Read(RecordingBytes.Of(partial));
        RecordingEquality.AssertSame(partial, again);
        Assert.Contains(again.Tensors, tensor => !tensor.Values.IsComplete && double.IsNaN(tensor.Values.Statistics.Min));
        Assert.Contains(again.Tensors, tensor => !tensor.Values.IsComplete && double.IsInfinity(tensor.Values.Statistics.Max) is false);
        Assert.Contains(again.Tensors, tensor => tensor.Values.IsComplete);
        Assert.Throws<ValuesLeftOutException>(() => again.Tensors[0].Values.ValueAt(0));
    }

    [Fact]
    public void Numbers_in_shared_memory_are_stored_once_and_share_it_again()
    {
        Tensor x = Tensor.From([1, 2, 3, 4], dtype: DType.Float64).AsLeaf().Named("x");
        Recording recording = RecordingSamples.Of(() => x.Reshape(2, 2).Tanh());
        Recording again = RecordingBytes.Read(RecordingBytes.Of(recording));

        // #1 is x in another shape, #1.grad is all that #2 contributed.
        RecordedTensor reshaped = again.Operations[0].Output;
        Assert.Equal(again.Tensors[0].Values.Tensor.MemoryKey, reshaped.Values.Tensor.MemoryKey);
        TimelineEvent[] backward = [.. again.Timeline.Where(entry => entry.Kind == TimelineEventKind.Backward)];
        Assert.Same(backward[0].Contributions[0].Values, backward[1].Gradient);
        string[] names = [.. new RecordingBytes(RecordingBytes.Of(recording)).Header.Select(field => field.Key)];
        Assert.Equal(["__metadata__", "x", "#2", "#2.grad", "#1.grad", "#1.in0.grad"], names);
    }

    [Fact]
    public void An_operation_from_outside_the_library_is_kept_with_its_attributes_as_text_that_says_so()
    {
        Recording recording = RecordingSamples.Custom();
        Recording again = RecordingBytes.Read(RecordingBytes.Of(recording));
        UnknownAttributes attributes = Assert.IsType<UnknownAttributes>(again.Operations[0].Attributes);
        Assert.Equal(("TimesWholeAttributes", "TimesWholeAttributes { Factor = 3 }"), (attributes.Class, attributes.Text));
        Assert.Contains("cannot be replayed from a file", attributes.ToString(), StringComparison.Ordinal);
        RecordingEquality.AssertSame(again, RecordingBytes.Read(RecordingBytes.Of(again)));
        RecordingEquality.AssertSame(recording.Tensors[1].Values, again.Tensors[1].Values);
    }

    [Fact]
    public void Every_class_of_attributes_of_the_library_has_a_codec_and_every_kind_the_class_that_its_operations_have()
    {
        string[] classes =
        [
            .. typeof(Operation).Assembly.GetTypes()
                .Where(type => type.Name.EndsWith("Attributes", StringComparison.Ordinal) && type.IsPublic && type != typeof(UnknownAttributes))
                .Select(type => type.Name).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(classes, AttributeCodec.All.Select(codec => codec.Type.Name).Order(StringComparer.Ordinal));

        HashSet<string> seen = [];
        foreach (GradientCase one in Cases.All)
        {
            Properties.Check(1, drawing =>
            {
                foreach (Operation operation in Graph.Of(one.Make(drawing.Begin()).Apply()))
                {
                    seen.Add(operation.Kind);
                    Assert.Equal(operation.Attributes?.GetType(), AttributeCodec.TypeOf(operation.Kind));
                }
            }, one.Shapes);
        }

        Assert.Equal(OperationCatalogue.Makers.Keys.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_absolute_path_is_in_the_file()
    {
        string file = Encoding.UTF8.GetString(RecordingBytes.Of(RecordingSamples.Rich()));
        Assert.Contains("tests/Autograd.Tests/Debugging/Recordings/RecordingSamples.cs", file, StringComparison.Ordinal);
        Assert.DoesNotContain(Root(), file, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/", file, StringComparison.Ordinal);
        Assert.DoesNotContain(AppContext.BaseDirectory, file, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_whose_masks_and_texts_do_not_fit_a_header_is_refused_with_their_share()
    {
        // 80,000 bits in base64 are 13,336 characters, whatever number of operations uses them.
        Mask mask = new(new bool[80_000], [80_000]);
        Tensor x = Tensor.Full([80_000], 1).AsLeaf();
        Recording recording = RecordingSamples.Of(() => (x.MaskedFill(mask, 0) + x.MaskedFill(mask, 1)).Sum());
        Assert.NotEmpty(new RecordingContent(recording, longestHeader: 20_000).Entries);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => new RecordingContent(recording, longestHeader: 10_000));
        Assert.Matches("take 1[0-9]{4} bytes, 13333 of them masks and indices, and a file's header holds 10000", error.Message);
    }

    // Five folders above this source file.
    private static string Root([CallerFilePath] string path = "") =>
        Enumerable.Range(0, 5).Aggregate(path, (folder, _) => Path.GetDirectoryName(folder)!);
}
