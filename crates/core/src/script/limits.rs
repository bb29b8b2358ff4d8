//! The limits on scripts: `script_limits:` in a rule file.

/// A limit: its name, its default, its maximum, and what it counts.
pub type ScriptLimit = (&'static str, u64, u64, &'static str);

/// Every limit.
pub const LIMITS: &[ScriptLimit] = &[
    ("operations", 1_000_000, 100_000_000, "steps of one call"),
    ("milliseconds", 1_000, 60_000, "time of one call"),
    ("memory", 64, 256, "megabytes that the values of one call take"),
    ("call_depth", 32, 64, "nested calls of functions"),
    ("expression_depth", 64, 128, "nested parts of an expression"),
    ("text", 1_048_576, 4_194_304, "bytes of a text, or of all texts in an array or a map"),
    ("items", 100_000, 1_000_000, "items of an array or a map, with those in its items"),
    ("rows", 1_000, 50_000, "event rows of one customer"),
    ("modules", 16, 64, "modules that a script imports"),
];

/// The limits on the scripts of a rule file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ScriptLimits(Vec<u64>);

impl Default for ScriptLimits {
    fn default() -> Self {
        ScriptLimits(LIMITS.iter().map(|(_, usual, ..)| *usual).collect())
    }
}

impl ScriptLimits {
    /// The limit of this name; 0 for an unknown name.
    pub fn get(&self, name: &str) -> u64 {
        LIMITS.iter().position(|(n, ..)| *n == name).map_or(0, |i| self.0[i])
    }

    /// Sets a limit. An unknown name is ignored.
    ///
    /// # Errors
    /// Fails with the maximum if the value is above it or not positive.
    pub fn set(&mut self, name: &str, value: i64) -> Result<(), u64> {
        let Some(i) = LIMITS.iter().position(|(n, ..)| *n == name) else { return Ok(()) };
        let most = LIMITS[i].2;
        match u64::try_from(value) {
            Ok(value) if 0 < value && value <= most => {
                self.0[i] = value;
                Ok(())
            }
            _ => Err(most),
        }
    }
}
