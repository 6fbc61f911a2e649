using Tilth;
using Tilth.Data;
using Tilth.Data.Sources;
using Tilth.Prediction;

var result = Training.For("churned").Run(Table.Read("customers.csv"));
var auc = result.Evaluation.HeadlineScore().Score;
Console.WriteLine($"area under the ROC curve {auc.Value:F3}, 95 % interval {auc.Lower:F3} to {auc.Upper:F3}");
result.Package.Save("churn.tilth");

var predictor = Predictor.Open("churn.tilth");
CsvWriter.Write("predictions.csv", predictor.Predict(Table.Read("new.csv")).ToTable());
