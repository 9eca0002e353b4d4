using Transformer.Samples.BackpropDebugger.Terminal;

return CommandLine.Run(args);
