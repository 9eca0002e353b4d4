#!/usr/bin/env dotnet
#:project ../src/Autograd/Autograd.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
using Transformer.Autograd;
using Transformer.Autograd.Debugging;

Tensor x = Tensor.From([1.0, 2.0, 3.0], dtype: DType.Float64).AsLeaf();
Tensor w = Tensor.From([0.5, -1.0, 2.0], dtype: DType.Float64).AsLeaf();

Tensor loss = (x * w).Sum().Power(2);     // L = (x · w)² = (0.5 − 2 + 6)² = 4.5² = 20.25
loss.Backward();

Console.WriteLine(loss);
Console.WriteLine(x.Gradient);            // ∂L/∂x = 2 (x · w) w = 9 w
Console.WriteLine(w.Gradient);            // ∂L/∂w = 2 (x · w) x = 9 x
Console.WriteLine(GradientCheck.Run(() => (x * w).Sum().Power(2), x, w));
