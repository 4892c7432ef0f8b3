//! Times, durations and words as the pages show them.

use jiff::{
    Timestamp,
    tz::{TimeZone, offset},
};
use opentelemetry::trace::SpanKind;

/// Nanoseconds since the Unix epoch as date and time in China, to the millisecond.
pub(crate) fn beijing_time(nanoseconds: u64) -> String {
    let timestamp = Timestamp::from_nanosecond(i128::from(nanoseconds))
        .expect("64 bits of nanoseconds end in the year 2554");
    let time = timestamp.to_zoned_datetime(TimeZone::fixed(offset(8)));
    time.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

/// Nanoseconds in the largest unit that fits.
pub(crate) fn duration(nanoseconds: u64) -> String {
    const MICROSECOND: u64 = 1_000;
    const MILLISECOND: u64 = 1_000 * MICROSECOND;
    const SECOND: u64 = 1_000 * MILLISECOND;
    const MINUTE: u64 = 60 * SECOND;
    const HOUR: u64 = 60 * MINUTE;
    let decimal = |unit: u64, name: &str| {
        format!("{}.{:02} {name}", nanoseconds / unit, nanoseconds % unit * 100 / unit)
    };
    match nanoseconds {
        0..MICROSECOND => format!("{nanoseconds} ns"),
        MICROSECOND..MILLISECOND => decimal(MICROSECOND, "µs"),
        MILLISECOND..SECOND => decimal(MILLISECOND, "ms"),
        SECOND..MINUTE => decimal(SECOND, "s"),
        MINUTE..HOUR => format!("{} min {} s", nanoseconds / MINUTE, nanoseconds % MINUTE / SECOND),
        HOUR.. => format!("{} h {} min", nanoseconds / HOUR, nanoseconds % HOUR / MINUTE),
    }
}

/// A kind of span in Chinese and in English.
pub(crate) fn kind(kind: &SpanKind) -> (&'static str, &'static str) {
    match kind {
        SpanKind::Client => ("客户端", "client"),
        SpanKind::Server => ("服务端", "server"),
        SpanKind::Producer => ("生产者", "producer"),
        SpanKind::Consumer => ("消费者", "consumer"),
        SpanKind::Internal => ("内部", "internal"),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn a_duration_stands_in_the_largest_unit_that_fits() {
        let cases = [
            (0, "0 ns"),
            (999, "999 ns"),
            (1_000, "1.00 µs"),
            (1_509_999, "1.50 ms"),
            (59_990_000_000, "59.99 s"),
            (61_000_000_000, "1 min 1 s"),
            (7_260_000_000_000, "2 h 1 min"),
        ];
        for (nanoseconds, expected) in cases {
            assert_eq!(duration(nanoseconds), expected);
        }
    }
}
