using System.Diagnostics;
using System.Text.Json;

namespace Tilth.Bench.Speed;

/// <summary>Runs a peer of speed_peers.py in a process of its own.</summary>
static class SpeedPeers
{
    const string Python = "/usr/bin/python3";

    static readonly HashSet<string> Missing = [];

    /// <summary>Null if the peer is not installed; that is said once.</summary>
    public static SpeedResult? Run(string peer, string folder, object settings)
    {
        if (!File.Exists(Python) || Missing.Contains(peer)) return null;
        var start = new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "speed_peers.py"), peer, folder, JsonSerializer.Serialize(settings)])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            Missing.Add(peer);
            Console.WriteLine($"  {peer} does not run: {errors.Result.TrimEnd().Split('\n')[^1]}");
            return null;
        }
        using var json = JsonDocument.Parse(output);
        double Of(string name) => json.RootElement.GetProperty(name).GetDouble();
        return new(new(Of("construct_wall"), Of("construct_cpu")), new(Of("wall"), Of("cpu")), Of("auc"), Of("log_loss"), Of("memory"));
    }
}
