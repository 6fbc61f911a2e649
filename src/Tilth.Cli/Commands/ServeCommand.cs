using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tilth.AspNetCore;
using Tilth.Cli.Terminals;

namespace Tilth.Cli.Commands;

/// <summary>tilth serve: packages behind HTTP, on this machine only unless told otherwise.</summary>
static class ServeCommand
{
    public static Command Build()
    {
        Argument<string[]> packages = new("packages") { Description = ".tilth files, each served under its file's name, or folders of them.", Arity = ArgumentArity.OneOrMore };
        Option<string> address = new("--address") { Description = "The address to listen on.", DefaultValueFactory = _ => "127.0.0.1" };
        Option<int> port = new("--port") { Description = "The port; 0 takes a free one.", DefaultValueFactory = _ => 8080 };
        Option<bool> watch = new("--watch") { Description = "Serve the new package when a file changes." };
        var command = new Command("serve", "Answer predictions over HTTP.") { packages, address, port, watch };
        command.SetAction(async (parsed, stop) =>
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Tilth", LogLevel.Information).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
            var listen = AddressOf(parsed.GetValue(address)!);
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Listen(listen, parsed.GetValue(port));
            });
            if (IPAddress.IsLoopback(listen)) builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
            foreach (string path in parsed.GetValue(packages)!) Add(builder.Services, path, parsed.GetValue(watch));
            await using var app = builder.Build();
            if (IPAddress.IsLoopback(listen)) app.UseHostFiltering();
            app.MapTilth();
            app.MapTilthHealth();
            await app.StartAsync(stop);
            Console.Out.WriteLine($"serving on {string.Join(" ", app.Urls)}; Ctrl-C stops");
            await app.WaitForShutdownAsync(stop);
            return ExitCode.Ok;
        });
        return command;
    }

    static void Add(IServiceCollection services, string path, bool watch)
    {
        if (Directory.Exists(path)) services.AddTilthFolder(path, watch);
        else services.AddTilth(Path.GetFileNameWithoutExtension(path)).FromFile(path, watch);
    }

    /// <exception cref="SourceException">The text is no address.</exception>
    static IPAddress AddressOf(string text)
        => text == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(text, out var address) ? address
            : throw new SourceException("address", $"--address is '{text}', but must be an IP address such as 127.0.0.1 or 0.0.0.0");
}
