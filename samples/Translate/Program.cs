using Transformer.Samples.Translate.Commands;

return CommandLine.Run(args);
