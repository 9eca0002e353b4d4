Console.WriteLine("Translate");
