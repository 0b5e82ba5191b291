//! The text of `.help`.

use crate::repl::commands::{COMMANDS, Command, Group};

/// Returns the commands by group, one per line.
pub(super) fn help() -> String {
    let mut text =
        String::from("Statements end with `;`. Ctrl-C stops a query, Ctrl-D leaves the shell.\n");
    text.push_str("A command may be cut short as long as it is the only one that begins so.\n");
    for (group, heading) in Group::ALL {
        text.push_str(&format!("\n{heading}\n"));
        for command in COMMANDS.iter().filter(|c| c.group == *group) {
            text.push_str(&line(command));
        }
    }
    text
}

/// The spelling of psql stands in a column of its own.
fn line(Command { names, argument, about, .. }: &Command) -> String {
    let ours = format!("{} {argument}", names[0]);
    let theirs = names.iter().find(|name| name.starts_with('\\')).unwrap_or(&"");
    format!("  {ours:<19} {theirs:<9} {about}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Format;

    #[test]
    fn help_names_every_command_and_format() {
        for command in COMMANDS {
            assert!(help().contains(command.names[0]));
            assert!(Group::ALL.iter().any(|(group, _)| *group == command.group));
        }
        for name in Format::names() {
            assert!(help().contains(name), "{name}");
        }
    }

    #[test]
    fn help_fits_a_narrow_terminal_and_keeps_its_columns() {
        for line in help().lines() {
            assert!(line.len() <= 100, "{line}");
        }
        for command in COMMANDS {
            assert!(command.names[0].len() + 1 + command.argument.len() <= 19, "{}", line(command));
        }
    }
}
