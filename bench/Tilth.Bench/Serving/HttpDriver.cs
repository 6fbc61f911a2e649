using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tilth.Bench.Serving;

/// <summary>Answers of one phase.</summary>
/// <param name="PerSecond">Answers with status 200 a second.</param>
/// <param name="P50">Their median latency in milliseconds.</param>
/// <param name="P99">The 99th percentile of it.</param>
/// <param name="Refused">Answers with status 429, all of which named a time to retry.</param>
/// <param name="Failed">Answers with any other status, and lost connections.</param>
/// <param name="Offered">Calls sent a second.</param>
/// <param name="Answered">Answers with status 200.</param>
readonly record struct Phase(double PerSecond, double P50, double P99, long Refused, long Failed, double Offered, long Answered);

/// <summary>
/// Sends calls over plain sockets, because an HTTP client of the platform takes more of the two processors than the server.
/// Closed: each connection sends as soon as it has its answer. Open: calls are sent at their times, whatever comes back.
/// </summary>
static class HttpDriver
{
    public static byte[] Request(string path, string body, string? key = null, string method = "POST", string type = "application/json")
        => Encoding.UTF8.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{(key is null ? "" : $"X-Api-Key: {key}\r\n")}Content-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Drives connections for a while.</summary>
    /// <param name="port">On loopback.</param>
    /// <param name="requests">Are sent in turn.</param>
    /// <param name="connections">How many.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="rate">Calls a second for all connections together; 0 for as many as they can.</param>
    /// <param name="check">Told of each answer with status 200: which request, head and body.</param>
    /// <param name="stop">Ends it sooner.</param>
    public static async Task<Phase> Drive(int port, byte[][] requests, int connections, double seconds, double rate = 0, Action<int, ReadOnlyMemory<byte>>? check = null, CancellationToken stop = default)
    {
        var latencies = new List<double>[connections];
        long refused = 0, failed = 0, sent = 0, start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(connection => Task.Run(async () =>
        {
            var own = latencies[connection] = new List<double>(10_000);
            var answer = new byte[1 << 20];
            Socket? socket = null;
            for (int i = connection, n = 0; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds && !stop.IsCancellationRequested; i++, n++)
            {
                if (rate > 0)
                {
                    double due = (n + (double)connection / connections) * connections / rate - Stopwatch.GetElapsedTime(start).TotalSeconds;
                    if (due > 0.001) await Task.Delay(TimeSpan.FromSeconds(due), CancellationToken.None);
                    if (due < -0.25) { n += (int)(-due * rate / connections); } // fallen behind: those calls are not made up for
                }
                int which = i % requests.Length;
                try
                {
                    socket ??= Connect(port);
                    long at = Stopwatch.GetTimestamp();
                    Interlocked.Increment(ref sent);
                    await socket.SendAsync(requests[which]);
                    int used = 0;
                    do
                    {
                        int read = await socket.ReceiveAsync(answer.AsMemory(used));
                        if (read == 0) throw new IOException("closed");
                        used += read;
                    }
                    while (!IsWhole(answer.AsSpan(0, used)));
                    if (answer.AsSpan().StartsWith("HTTP/1.1 200"u8))
                    {
                        own.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                        check?.Invoke(which, answer.AsMemory(0, used));
                    }
                    else if (answer.AsSpan().StartsWith("HTTP/1.1 429"u8) && answer.AsSpan(0, used).IndexOf("Retry-After: "u8) > 0) Interlocked.Increment(ref refused);
                    else
                    {
                        if (Interlocked.Increment(ref failed) == 1) Console.Error.WriteLine(Encoding.UTF8.GetString(answer, 0, used));
                    }
                }
                catch (Exception fault) when (fault is SocketException or IOException)
                {
                    Interlocked.Increment(ref failed);
                    socket?.Dispose();
                    socket = null;
                    if (!stop.IsCancellationRequested) await Task.Delay(5, CancellationToken.None);
                }
            }
            socket?.Dispose();
        }, CancellationToken.None)));
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] all = [.. latencies.SelectMany(own => own).Order()];
        return new Phase(all.Length / elapsed, At(all, 0.5), At(all, 0.99), refused, failed, sent / elapsed, all.Length);
    }

    /// <summary>One call on a connection of its own: status, and the body as text.</summary>
    public static (int Status, string Body) Once(int port, byte[] request)
    {
        using var socket = Connect(port);
        return Once(socket, request);
    }

    public static (int Status, string Body) Once(Socket socket, byte[] request)
    {
        socket.Send(request);
        var answer = new byte[1 << 22];
        int used = 0;
        do
        {
            int read = socket.Receive(answer.AsSpan(used));
            if (read == 0) throw new IOException("the server closed the connection");
            used += read;
        }
        while (!IsWhole(answer.AsSpan(0, used)));
        string text = Encoding.UTF8.GetString(answer, 0, used);
        return (int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture), text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }

    /// <summary>The body of a whole answer.</summary>
    public static ReadOnlySpan<byte> BodyOf(ReadOnlySpan<byte> answer) => answer[(answer.IndexOf("\r\n\r\n"u8) + 4)..];

    public static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    static double At(double[] ordered, double share) => ordered.Length == 0 ? double.NaN : ordered[(int)(ordered.Length * share)];

    /// <summary>True if the answer has arrived: with a length, or as one chunk.</summary>
    static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        int head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0) return false;
        int at = answer.IndexOf("Content-Length: "u8);
        if (at < 0 || at > head) return answer.EndsWith("0\r\n\r\n"u8);
        var digits = answer[(at + 16)..];
        return answer.Length >= head + 4 + int.Parse(digits[..digits.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }
}
