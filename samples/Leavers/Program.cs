// Which of these customers will leave within three months? ChurnModel and ChurnInput were made by the build from churn.tilth.
using Leavers;
using static Leavers.ChurnInput;

var model = ChurnModel.Open();
ChurnInput[] customers =
[
    new() { SignedUp = new DateTime(2025, 4, 20), Contract = ContractLevels.Monthly, MonthlyCharge = 71.5, DataGb = 18, SupportCalls = 4, Payment = PaymentLevels.Invoice, Newsletter = false, Region = RegionLevels.North },
    new() { SignedUp = new DateTime(2020, 1, 7), Contract = ContractLevels.TwoYears, MonthlyCharge = 32, DataGb = 4.5, SupportCalls = 0, Payment = PaymentLevels.Card, Newsletter = true, Region = RegionLevels.South },
    new() { SignedUp = null, Contract = "five years", MonthlyCharge = 45, DataGb = null, SupportCalls = 1, Payment = null, Newsletter = null, Region = null },
];
foreach (var customer in customers)
{
    var answer = model.Predict(customer);
    Console.WriteLine(FormattableString.Invariant($"{customer.Contract}: leaves with a probability of {answer.Probability:P1}, so {answer.Decision}"));
    foreach (var warning in answer.Warnings) Console.WriteLine($"    {warning}");
}
