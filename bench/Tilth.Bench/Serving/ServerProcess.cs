using System.Diagnostics;
using System.Globalization;

namespace Tilth.Bench.Serving;

/// <summary>tilth serve as a process of its own, on a free port of this machine, in a folder of its own.</summary>
sealed class ServerProcess : IDisposable
{
    readonly Process process;

    ServerProcess(Process process, int port, string? key) => (this.process, Port, Key) = (process, port, key);

    public int Port { get; }

    /// <summary>A key for everything; null if the server asks for none.</summary>
    public string? Key { get; }

    /// <summary>Resident memory in MB.</summary>
    public double Memory => double.Parse(Status("VmRSS"), CultureInfo.InvariantCulture) / 1024;

    /// <summary>Processor time so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the server and waits until it listens.</summary>
    public static ServerProcess Start(string? key, params string[] args)
    {
        var process = Run(["serve", .. args, "--port", "0"]);
        string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the server did not start");
        _ = process.StandardOutput.ReadToEndAsync();
        return new ServerProcess(process, new Uri(line.Split(' ')[2].TrimEnd(';')).Port, key);
    }

    /// <summary>Makes a key with every scope.</summary>
    public static string MakeKey(string file)
    {
        using var process = Run(["keys", "add", "bench", "--scope", "admin", "--keys", file]);
        string key = process.StandardOutput.ReadLine()!;
        process.WaitForExit();
        return key;
    }

    public byte[] Request(string path, string body) => HttpDriver.Request(path, body, Key);

    /// <summary>Ends it as the system does when memory runs out: at once.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited) Kill();
        process.Dispose();
    }

    string Status(string name) => File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':')[1].Replace("kB", "").Trim();

    static Process Run(string[] args)
        => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Tilth.Cli.dll"), .. args]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}

/// <summary>A folder under the system's temporary folder, deleted on disposal.</summary>
sealed class BenchFolder : IDisposable
{
    readonly string path = Directory.CreateTempSubdirectory("tilth-bench-").FullName;

    public string At(string file) => Path.Combine(path, file);

    public void Dispose() => Directory.Delete(path, recursive: true);
}
