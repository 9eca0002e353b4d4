using Transformer.Samples.BackpropDebugger.Cases;

foreach (Case entry in CaseCatalogue.All)
    Console.WriteLine($"{entry.Name}: {entry.Title}");
return 0;
