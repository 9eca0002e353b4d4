using System.Diagnostics;
using System.Reflection;
using Transformer.Autograd;
using Transformer.Layers;
using Xunit;
using Module = Transformer.Layers.Module;

namespace Layers.Tests.Debugging;

/// <summary>What an IDE shows of modules and parameters.</summary>
public class ModuleViewTests
{
    private readonly TransformerModel model = new(SmallModels.Small, new RandomStreams(1));

    [Fact]
    public void A_module_shows_its_own_parameters_and_the_modules_inside()
    {
        ModuleView view = new(model.Encoder.Layers[1].SelfAttention);
        Assert.Equal("encoder.layers.1.self_attn", view.Path);
        Assert.Equal(["encoder.layers.1.self_attn.in_proj_weight", "encoder.layers.1.self_attn.in_proj_bias"], view.Parameters.Select(parameter => parameter.Name));
        Assert.Same(model.Encoder.Layers[1].SelfAttention.OutProjection, Assert.Single(view.Children));
        Assert.Same(model.Encoder.Layers[1], view.Parent);
        Assert.Equal(model.Modules().ToHashSet(), Below(model).ToHashSet());
        Assert.Equal(model.Parameters().ToHashSet(), Below(model).SelectMany(module => new ModuleView(module).Parameters).ToHashSet());

        static IEnumerable<Module> Below(Module module) => new ModuleView(module).Children.SelectMany(Below).Prepend(module);
    }

    [Fact]
    public void Every_module_and_parameter_has_a_view_and_a_line()
    {
        foreach (Module module in model.Modules())
        {
            Assert.Equal(typeof(ModuleView).AssemblyQualifiedName, module.GetType().GetCustomAttribute<DebuggerTypeProxyAttribute>(inherit: true)!.ProxyTypeName);
            foreach (PropertyInfo property in typeof(ModuleView).GetProperties())
                property.GetValue(new ModuleView(module))?.ToString();
        }

        Assert.Contains("TensorView", typeof(Parameter).GetCustomAttribute<DebuggerTypeProxyAttribute>(inherit: true)!.ProxyTypeName, StringComparison.Ordinal);
        Assert.Equal("[8] Float64 encoder.norm.weight {1, 1, 1, 1, 1, 1, 1, 1}", model.Encoder.Norm.Weight.ToString());
        Assert.StartsWith("[24, 8] Float64 encoder.layers.0.self_attn.in_proj_weight, min -", model.Encoder.Layers[0].SelfAttention.InProjectionWeight.ToString(), StringComparison.Ordinal);
        Assert.Equal("[2] Float32 {0, 0}", new Parameter(Tensor.Zeros([2])).ToString());
    }
}
