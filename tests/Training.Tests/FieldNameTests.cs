using System.CodeDom.Compiler;
using System.Reflection;
using Transformer.Autograd;
using Transformer.Kernels;
using Transformer.Layers;
using Transformer.Training;
using Xunit;

namespace Training.Tests;

/// <summary>The naming rules of .editorconfig look at capitals alone, and let an underscore in front pass.</summary>
public class FieldNameTests
{
    [Fact]
    public void No_field_of_the_library_begins_with_an_underscore()
    {
        Assembly[] library = [typeof(Execution).Assembly, typeof(Tensor).Assembly, typeof(TransformerModel).Assembly, typeof(Trainer).Assembly];
        // Not those of the compiler's own types, which have a < in their name, and of a generator of source code.
        FieldInfo[] fields =
        [
            .. library.SelectMany(assembly => assembly.GetTypes())
                .Where(type => !type.FullName!.Contains('<') && !type.IsDefined(typeof(GeneratedCodeAttribute)))
                .SelectMany(type => type.GetFields(
                    BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)),
        ];

        Assert.Contains("parameters", fields.Select(field => field.Name));
        Assert.Empty(fields.Where(field => field.Name.StartsWith('_')).Select(field => $"{field.DeclaringType!.Name}.{field.Name}"));
    }
}
