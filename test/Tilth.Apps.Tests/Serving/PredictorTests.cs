using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Tilth.AspNetCore;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Logs;
using Tilth.Prediction;

namespace Tilth.Apps.Tests.Serving;

/// <summary>What an application's own code gets from the container.</summary>
public class PredictorTests
{
    static readonly Dictionary<string, object?> row = new() { ["age"] = 44.0, ["city"] = "Bern", ["member"] = true, ["since"] = new DateTime(2021, 3, 4), ["spend"] = 120.5 };

    static readonly CustomerInput typed = new() { Age = 44, City = "Bern", Member = true, Since = new DateTime(2021, 3, 4), Spend = 120.5 };

    [Fact]
    public async Task A_predictor_comes_by_its_name_and_follows_a_swap()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("churn").From(Packages.First));
        var predictor = host.Services.GetRequiredKeyedService<IPredictor>("churn");
        Assert.Same(predictor, host.Services.GetRequiredKeyedService<IPredictor>("churn"));
        Assert.Equal(("churn", Packages.First.Version, Packages.First.ContentHash), (predictor.Name, predictor.Version, predictor.ContentHash));
        Assert.Equal(new Predictor(Packages.First).Predict(row).Value, predictor.Predict(row).Value);
        Assert.Equal(new Predictor(Packages.First).Predict(Packages.Customers(40)).Values, predictor.Predict(Packages.Customers(40)).Values);
        Assert.Equal(predictor.Version, host.Services.GetRequiredService<IPredictor>().Version);

        host.Services.GetRequiredService<ModelHost>().Deploy("churn", Packages.Second);
        Assert.Equal(Packages.Second.Version, predictor.Version);
        Assert.Equal(new Predictor(Packages.Second).Predict(row).Value, predictor.Predict(row).Value);
    }

    [Fact]
    public async Task Models_of_a_folder_and_of_a_stream_come_by_name_too()
    {
        using var folder = Folders.Temporary();
        Packages.First.Save(folder.At("first.tilth"));
        await using var host = await TestHost.Start(services =>
        {
            services.AddTilthFolder(folder.Path);
            services.AddTilth("second").FromStream(() => new MemoryStream(Packages.Second.ToBytes()));
        });
        Assert.Equal((Packages.First.Version, Packages.Second.Version), (host.Services.GetRequiredKeyedService<IPredictor>("first").Version, host.Services.GetRequiredKeyedService<IPredictor>("second").Version));
    }

    [Fact]
    public async Task An_unknown_name_and_a_choice_without_one_say_which_there_are()
    {
        await using var host = await TestHost.Start(services =>
        {
            services.AddTilth("churn").From(Packages.First);
            services.AddTilth("price").From(Packages.Number);
        });
        Assert.Equal("there is no model 'chrun'; there are 'churn', 'price'", Assert.Throws<SchemaException>(() => host.Services.GetRequiredKeyedService<IPredictor>("chrun")).Message);
        Assert.StartsWith("there are 2 models ('churn', 'price'); ask for one by its key", Assert.Throws<SchemaException>(host.Services.GetRequiredService<IPredictor>).Message);
    }

    [Fact]
    public async Task A_typed_predictor_gives_the_same_bits_from_many_threads_while_packages_change()
    {
        await using var host = await TestHost.Start(services => services.AddTilth<CustomerInput, CustomerPrediction>("churn").From(Packages.First));
        var predictor = host.Services.GetRequiredService<IPredictor<CustomerInput, CustomerPrediction>>();
        Assert.Same(predictor.GetType(), host.Services.GetRequiredKeyedService<IPredictor<CustomerInput, CustomerPrediction>>("churn").GetType());
        var expected = new Dictionary<string, double> { [Packages.First.Version] = new Predictor(Packages.First).Predict(row).Value, [Packages.Second.Version] = new Predictor(Packages.Second).Predict(row).Value };
        var models = host.Services.GetRequiredService<ModelHost>();
        Parallel.For(0, 4, thread =>
        {
            for (int i = 0; i < 300; i++)
            {
                if (thread == 0) models.Deploy("churn", i % 2 == 0 ? Packages.Second : Packages.First);
                var answer = predictor.Predict(typed);
                Assert.Equal(expected[answer.Version], answer.Probability);
            }
        });
        Assert.Equal(predictor.Version, predictor.Predict(typed).Version);
    }

    [Fact]
    public async Task What_the_application_predicts_is_counted_with_the_calls_and_never_a_value()
    {
        await using var host = await TestHost.Start(services => services.AddTilth<CustomerInput, CustomerPrediction>("churn").From(Packages.First));
        var seen = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == "Tilth") own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => seen.Add($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}"));
        listener.Start();
        var predictor = host.Services.GetRequiredService<IPredictor>();
        predictor.Predict(row, out string? id);
        predictor.Predict(new Dictionary<string, object?>(row) { ["city"] = "Atlantis" });
        host.Services.GetRequiredService<IPredictor<CustomerInput, CustomerPrediction>>().Predict(typed with { Age = 4000 });
        predictor.Predict(Packages.Customers(40), out var ids);
        Assert.Throws<SchemaException>(() => predictor.Predict(new Dictionary<string, object?> { ["nonsense"] = 1 }));
        Assert.Null(id);
        Assert.Empty(ids);
        string metrics = (string)(await host.Get("/metrics")).Body!;
        foreach (string line in (string[])["tilth_in_process_calls_total{model=\"churn\",outcome=\"answered\"} 4", "tilth_in_process_calls_total{model=\"churn\",outcome=\"failed\"} 1",
            "tilth_in_process_duration_seconds_count{model=\"churn\"} 5", "tilth_predictions_total{model=\"churn\"} 43", "tilth_warned_rows_total{model=\"churn\"} 2"])
            Assert.Contains(line + "\n", metrics);
        Assert.DoesNotContain("Atlantis", metrics);
        Assert.Equal(["in-process", "in-process", "in-process", "in-process", "in-process failed"], seen.Where(one => one.Contains("model=churn status=in-process")).Select(one => one.Split("status=")[1]));
        Assert.Equal(3, (long)(await host.Get("/models/churn/drift")).Body["production"]!["rows"]!);
    }

    [Fact]
    public async Task Where_the_host_asks_for_it_the_log_takes_them_too_and_feedback_joins()
    {
        using var folder = Folders.Temporary();
        var ids = new List<string>();
        await using (var host = await TestHost.Start(services => services
            .AddTilth(options => options.PredictionLog = new() { Folder = folder.Path, OwnCalls = true, LeaveOut = ["spend"] }).AddTilth<CustomerInput, CustomerPrediction>("churn").From(Packages.First)))
        {
            var predictor = host.Services.GetRequiredService<IPredictor>();
            predictor.Predict(new Dictionary<string, object?>(row) { ["city"] = "Atlantis" }, out string? first);
            host.Services.GetRequiredService<IPredictor<CustomerInput, CustomerPrediction>>().Predict(typed, out string? second);
            predictor.Predict(Packages.Customers(20), out var more);
            ids.AddRange([first!, second!, .. more]);
            Assert.Equal(202, (await host.Post("/models/churn/feedback", $$"""[{"id": "{{second}}", "truth": "yes"}, {"id": "{{more[7]}}", "truth": "no"}]""")).Status);
        }
        var lines = new LogReader(folder.Path).Join("truth").ToList();
        Assert.Equal(ids, lines.Select(line => (string)line["tilth_id"]!));
        Assert.Equal(22, ids.Distinct().Count());
        Assert.Equal(("Atlantis", null), ((string?)lines[0]["city"], (string?)lines[0]["truth"]));
        Assert.Equal((44.0, "Bern", "yes"), ((double)lines[1]["age"]!, (string?)lines[1]["city"], (string?)lines[1]["truth"]));
        Assert.Equal("no", (string?)lines[2 + 7]["truth"]);
        Assert.All(lines, line => Assert.False(line.ContainsKey("spend")));
        var table = new Predictor(Packages.First).Predict(Packages.Customers(20));
        Assert.Equal(table.Values, lines.Skip(2).Select(line => (double)line["tilth_output_1"]!));
    }

    [Fact]
    public async Task A_row_of_a_type_allocates_nothing_though_it_is_counted()
    {
        await using var host = await TestHost.Start(services => services.AddTilth<CustomerInput, CustomerPrediction>("churn").From(Packages.First));
        var predictor = host.Services.GetRequiredService<IPredictor<CustomerInput, CustomerPrediction>>();
        predictor.Predict(typed);
        long least = Enumerable.Range(0, 6).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++) predictor.Predict(typed);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.Equal(0, least);
    }

    [Fact]
    public async Task A_package_that_the_types_do_not_fit_is_refused_and_the_old_one_answers_on()
    {
        await using var host = await TestHost.Start(services => services.AddTilth<CustomerInput, CustomerPrediction>("churn").From(Packages.First));
        var fault = Assert.Throws<SchemaException>(() => host.Services.GetRequiredService<ModelHost>().Deploy("churn", Packages.Number));
        Assert.Contains(fault.Problems, problem => problem.Message == "CustomerInput was made for a package with 'target binary churn', which this package has not; build the program again with this package");
        Assert.Contains(fault.Problems, problem => problem.Message.StartsWith("the package has 'target regression spend', of which CustomerInput knows nothing", StringComparison.Ordinal));
        Assert.Equal(Packages.First.Version, host.Services.GetRequiredService<IPredictor<CustomerInput, CustomerPrediction>>().Version);
    }

    [Fact]
    public async Task Options_out_of_range_stop_the_start_with_every_sentence()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => TestHost.Start(services =>
        {
            services.AddTilth(options => (options.MaxRows, options.MaxQueue, options.PredictionLog) = (0, -1, new() { Folder = "log", Share = 2 }));
            services.AddTilth("churn").From(Packages.First);
        }));
        Assert.Equal(["MaxRows is 0, but must be at least 1", "MaxQueue is -1, but must be at least 0", "the prediction log's Share is 2, but must lie in 0 to 1"], fault.Failures);
    }

    [Fact]
    public async Task The_health_check_tells_version_age_and_golden_rows_and_is_about_readiness()
    {
        await using (var host = await TestHost.Start(services =>
        {
            services.AddTilth("churn").From(Packages.First);
            services.AddHealthChecks().AddTilth();
        }))
        {
            var health = host.Services.GetRequiredService<HealthCheckService>();
            var report = await health.CheckHealthAsync(check => check.Tags.Contains(TilthHealth.Ready), TestContext.Current.CancellationToken);
            Assert.Equal(HealthStatus.Healthy, report.Status);
            var data = report.Entries["tilth"].Data;
            Assert.Equal((Packages.First.Version, true), ((string)data["churn.version"], (bool)data["churn.golden"]));
            Assert.InRange((long)data["churn.age"], 0, 3600);
            Assert.IsType<DateTimeOffset>(data["churn.loaded"]);
        }
        await using (var host = await TestHost.Start(services => services.AddTilth().AddHealthChecks().AddTilth()))
        {
            var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
            Assert.Equal((HealthStatus.Unhealthy, "there is no model"), (report.Status, report.Entries["tilth"].Description));
        }
    }

    /// <summary>As the generator would write it.</summary>
    sealed record CustomerInput : IModelInput
    {
        public required double? Age { get; init; }

        public required string? City { get; init; }

        public required bool? Member { get; init; }

        public required DateTime? Since { get; init; }

        public required double? Spend { get; init; }

        static string IModelInput.Contract => SchemaContract.Of(Packages.First.Schema);

        void IModelInput.Fill(PredictorRow row, ReadOnlySpan<int> columns)
        {
            if (Age is { } age) row.Set(columns[0], age);
            if (City is { } city) row.Set(columns[1], city);
            if (Member is { } member) row.Set(columns[2], member);
            if (Since is { } since) row.Set(columns[3], since);
            if (Spend is { } spend) row.Set(columns[4], spend);
        }
    }

    readonly record struct CustomerPrediction(double Probability, string Version) : IModelOutput<CustomerPrediction>
    {
        static CustomerPrediction IModelOutput<CustomerPrediction>.From(Predictor predictor, PredictorRow row, ReadOnlySpan<double> outputs)
            => new(outputs[0], predictor.Package.Version);
    }
}
