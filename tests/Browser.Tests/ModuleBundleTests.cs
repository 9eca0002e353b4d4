using Transformer.Samples.BackpropDebugger.Web;
using Xunit;

namespace Browser.Tests;

public sealed class ModuleBundleTests
{
    [Fact]
    public void Modules_come_after_what_they_import_and_each_once()
    {
        Dictionary<string, string> files = new()
        {
            ["main.js"] = "import { a } from \"./Inner/a.js\";\nimport { b } from \"./b.js\";\nconsole.log(a + b);",
            ["Inner/a.js"] = "import { b } from \"../b.js\";\nexport const a = b + 1;",
            ["b.js"] = "export const b = 1;",
        };
        string script = ModuleBundle.Of("main.js", name => files[name]);
        int[] places = [.. ((string[])["const module_b =", "const module_Inner_a =", "const module_main ="]).Select(text => script.IndexOf(text, StringComparison.Ordinal))];
        Assert.All(places, place => Assert.True(place >= 0));
        Assert.Equal(places.Order(), places);
        Assert.Equal(places[0], script.LastIndexOf("const module_b =", StringComparison.Ordinal));
        Assert.DoesNotContain("import {", script, StringComparison.Ordinal);
        Assert.DoesNotContain("export const", script, StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_of_imports_is_refused()
    {
        Dictionary<string, string> files = new()
        {
            ["a.js"] = "import { b } from \"./b.js\";\nexport const a = 1;",
            ["b.js"] = "import { a } from \"./a.js\";\nexport const b = 1;",
        };
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => ModuleBundle.Of("a.js", name => files[name]));
        Assert.Contains("a.js imports itself", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_import_of_the_page_is_understood()
    {
        string script = ModuleBundle.Of("main.js", PageFiles.Text);
        Assert.DoesNotContain("\nimport ", script, StringComparison.Ordinal);
        Assert.DoesNotContain("\nexport ", script, StringComparison.Ordinal);
        Assert.DoesNotContain("innerHTML", script, StringComparison.Ordinal);
    }
}
