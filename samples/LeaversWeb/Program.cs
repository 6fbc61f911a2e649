// Answers whether a customer will leave: POST /leaves takes a ChurnInput, /models/churn/... are Tilth's own addresses.
using Tilth.AspNetCore;
using LeaversWeb;

var builder = WebApplication.CreateBuilder(args);
string package = builder.Configuration["Package"] ?? Path.Combine(AppContext.BaseDirectory, "churn.tilth");
builder.Services.AddTilth<ChurnInput, ChurnPrediction>("churn").FromFile(package, watch: true);
builder.Services.AddHealthChecks().AddTilth();

var app = builder.Build();
app.MapPost("/leaves", (ChurnInput customer, IPredictor<ChurnInput, ChurnPrediction> model) => model.Predict(customer));
app.MapGet("/version", (IPredictor model) => new { model.Name, model.Version });
app.MapHealthChecks("/ready", new() { Predicate = check => check.Tags.Contains(TilthHealth.Ready) });
app.MapHealthChecks("/live", new() { Predicate = _ => false });
app.MapTilth();
app.Run();
