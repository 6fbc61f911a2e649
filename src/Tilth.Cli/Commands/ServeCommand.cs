using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tilth.AspNetCore;
using Tilth.AspNetCore.Hosting;
using Tilth.Cli.Terminals;

namespace Tilth.Cli.Commands;

/// <summary>tilth serve: packages behind HTTP, on this machine only unless told otherwise.</summary>
static class ServeCommand
{
    /// <summary>The environment variable with the password of --certificate.</summary>
    const string CertificatePassword = "TILTH_CERTIFICATE_PASSWORD";

    /// <summary>Each takes some memory, also if nothing comes.</summary>
    const int MostConnections = 5000;

    /// <summary>Models whose pages are told at the start.</summary>
    const int MostNamed = 10;

    public static Command Build()
    {
        Argument<string[]> packages = new("packages") { Description = ".tilth files, each served under its file's name, or folders of them.", Arity = ArgumentArity.OneOrMore };
        Option<string> address = new("--address") { Description = "The address to listen on; any but this machine's own needs --keys and --certificate, or --insecure.", DefaultValueFactory = _ => "127.0.0.1" };
        Option<int> port = new("--port") { Description = "The port; 0 takes a free one.", DefaultValueFactory = _ => 8080 };
        Option<string?> keys = new("--keys") { Description = "A file of hashed keys (tilth keys add); every call then needs one." };
        Option<string?> certificate = new("--certificate") { Description = $"A .pfx file to speak HTTPS with; its password is in {CertificatePassword}." };
        Option<bool> insecure = new("--insecure") { Description = "Listen on any address without keys or HTTPS, as behind a proxy that has both." };
        Option<string?> store = new("--store") { Description = "A folder that keeps sent packages, which of them answers, and the audit log." };
        Option<string?> log = new("--log") { Description = "A folder for the rows and predictions, as JSON lines." };
        Option<double> logShare = new("--log-share") { Description = "Share of the rows to write, 0 to 1.", DefaultValueFactory = _ => 1 };
        Option<string[]> leaveOut = new("--log-leave-out") { Description = "A column whose values are never written. May repeat." };
        Option<int> logSegments = new("--log-segments") { Description = "Full files (64 MiB) of the log to keep, the oldest go; 0 keeps all.", DefaultValueFactory = _ => 0 };
        Option<bool> watch = new("--watch") { Description = "Serve the new package when a file changes." };
        Option<int> rate = new("--rate") { Description = "Calls a second that each key or address may make; 0 for no limit.", DefaultValueFactory = _ => 0 };
        Option<int?> concurrency = new("--max-concurrency") { Description = "Calls that are worked on at once; more than wait are refused with 429." };
        Option<int?> rows = new("--max-rows") { Description = "Rows that one call may hold." };
        var command = new Command("serve", "Answer predictions over HTTP.") { packages, address, port, keys, certificate, insecure, store, log, logShare, leaveOut, logSegments, watch, rate, concurrency, rows };
        command.SetAction(async (parsed, stop) =>
        {
            var listen = AddressOf(parsed.GetValue(address)!);
            if (parsed.GetValue(port) is < 0 or > ushort.MaxValue) throw new SourceException("port", $"--port is {parsed.GetValue(port)}, but must be 0 to {ushort.MaxValue}");
            CheckOpenness(listen, parsed.GetValue(keys), parsed.GetValue(certificate), parsed.GetValue(insecure));
            // Else one long call on each processor would leave nobody to tell the others that they must wait.
            ThreadPool.SetMinThreads(4 * Environment.ProcessorCount + 8, 8);
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
            // Neither a file in the working folder nor a variable of the environment opens another address.
            builder.Configuration.Sources.Clear();
            // What keeps the server from starting is said in one sentence, by whoever runs this command.
            builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Tilth", LogLevel.Information).AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
            builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, listen, parsed.GetValue(port), parsed.GetValue(certificate)));
            if (IPAddress.IsLoopback(listen)) builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
            builder.Services.AddTilth(options =>
            {
                (options.KeysFile, options.StoreFolder, options.CallsPerSecond) = (parsed.GetValue(keys), parsed.GetValue(store), parsed.GetValue(rate));
                if (parsed.GetValue(log) is { } folder) options.PredictionLog = new() { Folder = folder, Share = parsed.GetValue(logShare), LeaveOut = parsed.GetValue(leaveOut) ?? [], MaxSegments = parsed.GetValue(logSegments) };
                options.MaxConcurrency = parsed.GetValue(concurrency) ?? options.MaxConcurrency;
                options.MaxRows = parsed.GetValue(rows) ?? options.MaxRows;
            });
            foreach (string path in parsed.GetValue(packages)!) Add(builder.Services, path, parsed.GetValue(watch));
            await using var app = builder.Build();
            if (IPAddress.IsLoopback(listen)) app.UseHostFiltering();
            app.MapGet("/", context =>
            {
                context.Response.Redirect("/models");
                return Task.CompletedTask;
            });
            app.MapTilth();
            app.MapTilthMetrics();
            app.MapTilthHealth();
            await app.StartAsync(stop);
            Console.Out.WriteLine($"serving on {string.Join(" ", app.Urls)}; Ctrl-C stops");
            foreach (string model in app.Services.GetRequiredService<ModelHost>().Models.Select(model => model.Name).Take(MostNamed)) Console.Out.WriteLine($"  {model}: {app.Urls.First()}/models/{model}/form");
            await app.WaitForShutdownAsync(stop);
            return ExitCode.Ok;
        });
        return command;
    }

    static void Listen(KestrelServerOptions kestrel, IPAddress address, int port, string? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        if (certificate is null)
        {
            kestrel.Listen(address, port);
            return;
        }
        var loaded = LoadCertificate(certificate);
        kestrel.Listen(address, port, endpoint => endpoint.UseHttps(loaded));
    }

    static void Add(IServiceCollection services, string path, bool watch)
    {
        if (Directory.Exists(path)) services.AddTilthFolder(path, watch);
        else services.AddTilth(Path.GetFileNameWithoutExtension(path)).FromFile(path, watch);
    }

    /// <exception cref="SourceException">Others could call the server without a key, or read what is sent.</exception>
    static void CheckOpenness(IPAddress address, string? keys, string? certificate, bool insecure)
    {
        if (IPAddress.IsLoopback(address) || insecure || (keys is not null && certificate is not null)) return;
        string lacks = keys is null && certificate is null ? "keys (--keys FILE) and HTTPS (--certificate FILE)" : keys is null ? "keys (--keys FILE)" : "HTTPS (--certificate FILE)";
        throw new SourceException("open-server", $"listening on {address} opens the models to other machines, which needs {lacks}; give --insecure if something in front of the server has both");
    }

    /// <exception cref="SourceException">The text is no address.</exception>
    static IPAddress AddressOf(string text)
        => text == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(text, out var address) ? address
            : throw new SourceException("address", $"--address is '{text}', but must be an IP address such as 127.0.0.1 or 0.0.0.0");

    static X509Certificate2 LoadCertificate(string path)
    {
        try
        {
            return X509CertificateLoader.LoadPkcs12FromFile(path, Environment.GetEnvironmentVariable(CertificatePassword));
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SourceException("certificate", $"--certificate '{path}' cannot be read as a .pfx file with the password in {CertificatePassword}: {fault.Message}", fault);
        }
    }
}
