//! From values to text, byte for byte as yaml.v2 writes it.
//!
//! Glide's files need three shapes: texts, lists of texts, lists of records. They are always written
//! in block style, lists at the indent of their key, keys in the order given.

mod scalar;
mod style;

use scalar::ScalarWriter;

/// A mapping to be written: keys (which must be plain words) and values, in this order.
pub type Record = Vec<(&'static str, Value)>;

/// A value to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A scalar.
    Text(String),
    /// A list of scalars.
    Texts(Vec<String>),
    /// A list of mappings; `None` is written as `null`.
    Records(Vec<Option<Record>>),
}

/// Writes a document of one mapping.
pub fn write(record: &Record) -> String {
    let mut writer = Writer::default();
    writer.write_record(record, 0);
    writer.scalar.end_line();
    writer.scalar.into_text()
}

#[derive(Default)]
struct Writer {
    scalar: ScalarWriter,
}

impl Writer {
    /// Writes a mapping; its first key stands where the writer is (after `- `, or on a new line).
    fn write_record(&mut self, record: &Record, indent: usize) {
        if record.is_empty() {
            self.scalar.put("{}");
        }
        for (place, (key, value)) in record.iter().enumerate() {
            if place > 0 {
                self.start_line(indent);
            }
            self.scalar.put(key);
            self.scalar.put(":");
            match value {
                Value::Text(text) => self.write_text(text, indent),
                Value::Texts(texts) => {
                    self.write_list(texts, indent, |this, text| this.write_text(text, indent));
                }
                Value::Records(records) => {
                    self.write_list(records, indent, |this, record| {
                        this.write_item(record.as_ref(), indent);
                    });
                }
            }
        }
    }

    fn write_list<T>(&mut self, items: &[T], indent: usize, write: impl Fn(&mut Self, &T)) {
        if items.is_empty() {
            self.scalar.put(" []");
        }
        for item in items {
            self.start_line(indent);
            self.scalar.put("-");
            write(self, item);
        }
    }

    fn write_item(&mut self, record: Option<&Record>, indent: usize) {
        self.scalar.put(" ");
        match record {
            Some(record) => self.write_record(record, indent + 2),
            None => self.scalar.put("null"),
        }
    }

    /// Writes a scalar after its key or `-`; further lines of it are indented by two more.
    fn write_text(&mut self, text: &str, indent: usize) {
        self.scalar.put(" ");
        self.scalar.write(text, indent + 2);
    }

    fn start_line(&mut self, indent: usize) {
        self.scalar.end_line();
        self.scalar.pad(indent);
    }
}
