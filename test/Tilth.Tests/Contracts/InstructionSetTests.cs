using System.Diagnostics;
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
        var start = new ProcessStartInfo("dotnet", [self, "-noLogo", "-noColor", "-explicit", "on", "-namespace", "Tilth.Tests.Kernels", "-namespace", "Tilth.Tests.Contracts",
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

    [Fact(Explicit = true)]
    public void The_instructions_are_off_where_they_should_be()
    {
        string? off = Environment.GetEnvironmentVariable(Expected);
        Assert.NotNull(off);
        Assert.False(Avx512F.IsSupported);
        if (off is "avx2" or "all") Assert.False(Avx2.IsSupported);
        if (off == "all") Assert.False(Vector128.IsHardwareAccelerated);
    }
}
