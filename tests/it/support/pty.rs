//! A terminal of our own: the program writes to one end, the test looks at what stands on the screen.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::{FromRawFd as _, OwnedFd};
use std::process::Stdio;
use std::ptr;

/// A terminal of 80 columns and 24 lines.
pub(crate) struct Pty {
    ours: File,
    theirs: Option<OwnedFd>,
    parser: vt100::Parser,
}

impl Pty {
    pub(crate) fn open() -> Self {
        let (mut ours, mut theirs) = (-1, -1);
        let mut size = libc::winsize {
            ws_row: 24,
            ws_col: 80,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let name = ptr::null_mut();
        #[expect(unsafe_code, reason = "the standard library opens no terminals")]
        // SAFETY: the pointers are to live values or null, as openpty(3) wants them; the descriptors that
        // it gives are nobody else's.
        let (ours, theirs) = unsafe {
            let opened = libc::openpty(
                &raw mut ours,
                &raw mut theirs,
                name,
                ptr::null_mut(),
                &raw mut size,
            );
            assert_eq!(opened, 0, "no terminal can be had");
            (OwnedFd::from_raw_fd(ours), OwnedFd::from_raw_fd(theirs))
        };
        Self {
            ours: ours.into(),
            theirs: Some(theirs),
            parser: vt100::Parser::default(),
        }
    }

    /// The program's end; this can be had once.
    pub(crate) fn stdio(&mut self) -> Stdio {
        self.theirs.take().expect("the end is still here").into()
    }

    /// Types something.
    pub(crate) fn type_in(&mut self, keys: &str) {
        self.ours.write_all(keys.as_bytes()).unwrap();
    }

    /// Reads until the screen is as it should be; false where the program's end is closed first.
    pub(crate) fn wait(&mut self, is_there: impl Fn(&str) -> bool) -> bool {
        let mut piece = [0; 4096];
        while !is_there(&self.screen()) {
            match self.ours.read(&mut piece) {
                Ok(0) | Err(_) => return false,
                Ok(length) => self.parser.process(&piece[..length]),
            }
        }
        true
    }

    /// What stands on the screen.
    pub(crate) fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    /// The line and the column of the cursor; nothing where it cannot be seen.
    pub(crate) fn cursor(&self) -> Option<(u16, u16)> {
        let screen = self.parser.screen();
        (!screen.hide_cursor()).then(|| screen.cursor_position())
    }
}
