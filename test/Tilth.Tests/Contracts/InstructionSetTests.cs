using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tilth.Tests.Contracts;

/// <summary>The kernels and every contract hold with vector instructions switched off; each switched run first proves that they are.</summary>
public class InstructionSetTests
{
    const string Expected = "TILTH_TEST_INSTRUCTIONS_OFF";

    /// <summary>True inside a run with instructions switched off.</summary>
    public static bool IsSwitchedRun => Environment.GetEnvironmentVariable(Expected) is not null;

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "avx512")]
    [InlineData("DOTNET_EnableAVX2", "avx2")]
    [InlineData("DOTNET_EnableHWIntrinsic", "all")]
    public async Task Kernels_and_contracts_hold_without(string variable, string off)
    {
        Assert.SkipWhen(IsSwitchedRun, "already inside a switched run");
        string self = typeof(InstructionSetTests).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [self, "-noLogo", "-noColor", "-namespace", "Tilth.Tests.Kernels", "-namespace", "Tilth.Tests.Contracts",
            "-namespace", "Tilth.Tests.Models.Trees", "-namespace", "Tilth.Tests.Models.Nodes", "-namespace", "Tilth.Tests.Prediction"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment[variable] = "0";
        start.Environment[Expected] = off;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, string.Join('\n', output.Split('\n').TakeLast(40)) + await error);
    }

    /// <summary>Runs before any test of a switched run; if the instructions are on after all, no test is run.</summary>
    [ModuleInitializer]
    internal static void ProveThatTheyAreOff()
    {
        if (Environment.GetEnvironmentVariable(Expected) is not { } off) return;
        bool on = Avx512F.IsSupported || (off is "avx2" or "all" && Avx2.IsSupported) || (off == "all" && Vector128.IsHardwareAccelerated);
        if (on) throw new InvalidOperationException($"{off} was to be switched off, but is on");
    }
}
