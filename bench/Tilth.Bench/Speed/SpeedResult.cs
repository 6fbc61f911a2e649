namespace Tilth.Bench.Speed;

/// <summary>One measurement of one system: seconds of construction and of work, what came of it, and the memory it took.</summary>
/// <param name="Construct">Of the binned data; 0 where that is part of the work.</param>
/// <param name="Work">The fit, or what the line measures.</param>
/// <param name="Auc">On rows that were not learned from; 0 if there are none.</param>
/// <param name="LogLoss">The same.</param>
/// <param name="MemoryMb">Peak resident memory of both steps over what was there before, raw rows included.</param>
sealed record SpeedResult(Times Construct, Times Work, double Auc, double LogLoss, double MemoryMb);

/// <summary>Seconds.</summary>
readonly record struct Times(double Wall, double Cpu);
