using System.Globalization;
using Spectre.Console;

namespace Benchmarks.Measuring;

/// <summary>A table of results: the first column is names, the others are numbers and stand at the right.</summary>
internal sealed class ReportTable
{
    // In a file or a pipe there is no window to fit into.
    private const int WidthOfFiles = 200;

    private readonly Table table = new Table().Border(TableBorder.Minimal);

    public ReportTable(params ReadOnlySpan<string> columns)
    {
        foreach (string column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        for (int i = 1; i < columns.Length; i++)
            table.Columns[i].RightAligned();
    }

    /// <summary>A number as text, whatever the language of the system.</summary>
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public ReportTable WithoutHeads()
    {
        table.Border(TableBorder.None).HideHeaders();
        return this;
    }

    public void Add(params ReadOnlySpan<string> cells)
    {
        string[] escaped = new string[cells.Length];
        for (int i = 0; i < cells.Length; i++)
            escaped[i] = Markup.Escape(cells[i]);
        table.AddRow(escaped);
    }

    public void AddEmptyRow() => table.AddEmptyRow();

    public void Print()
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = WidthOfFiles;
        AnsiConsole.Write(table);
    }
}
