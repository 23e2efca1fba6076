//! Settings that stand in files: `NAME_FILE` names the file in which the value of `NAME` stands, so
//! that no secret needs to be in an environment, where whoever may look at the process can read it.
//! A variable that is set to nothing counts as not set, as in files that pass on what may be there.

use clap::{Arg, Command, builder::Resettable};
use std::{cell::RefCell, ffi::OsStr, path::Path};

/// The command line, whose settings may also come from files. `variable` reads the environment.
pub(super) fn with_files(
    command: Command,
    variable: &impl Fn(&str) -> Option<String>,
) -> Result<Command, String> {
    let fault = RefCell::new(None);
    let command = apply(command, &|arg| {
        let found = from_file(&arg, variable);
        let arg = if is_blank(&arg, variable) {
            arg.env(Resettable::Reset)
        } else {
            arg
        };
        match found {
            Ok(Some(value)) => arg
                .default_value(&*Box::leak(value.into_boxed_str()))
                .hide_default_value(true),
            Ok(None) => arg,
            Err(text) => {
                fault.borrow_mut().get_or_insert(text);
                arg
            }
        }
    });
    match fault.into_inner() {
        None => Ok(command),
        Some(text) => Err(text),
    }
}

fn apply(command: Command, change: &impl Fn(Arg) -> Arg) -> Command {
    let command = command.mut_args(change);
    command.mut_subcommands(|sub| apply(sub, change))
}

fn is_blank(arg: &Arg, variable: &impl Fn(&str) -> Option<String>) -> bool {
    let name = arg.get_env().and_then(OsStr::to_str);
    name.and_then(variable)
        .is_some_and(|value| value.is_empty())
}

fn from_file(
    arg: &Arg,
    variable: &impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, String> {
    let Some(name) = arg.get_env().and_then(OsStr::to_str) else {
        return Ok(None);
    };
    let Some(file) = variable(&format!("{name}_FILE")).filter(|file| !file.is_empty()) else {
        return Ok(None);
    };
    if variable(name).is_some_and(|value| !value.is_empty()) {
        return Err(format!(
            "{name} and {name}_FILE are both set: leave one away"
        ));
    }
    let text = std::fs::read_to_string(Path::new(&file));
    let text = text.map_err(|error| format!("{name}_FILE: {file}: {error}"))?;
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("{name}_FILE: {file} is empty"));
    }
    Ok(Some(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::{Command as Does, CommandLine};
    use super::*;
    use clap::{CommandFactory, FromArgMatches as _};

    fn read(call: &str, variables: &[(&str, &str)]) -> Result<CommandLine, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(one, _)| *one == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let command = with_files(<CommandLine as CommandFactory>::command(), &variable)?;
        let matches = command.try_get_matches_from(call.split(' '));
        let matches = matches.map_err(|error| error.to_string())?;
        CommandLine::from_arg_matches(&matches).map_err(|error| error.to_string())
    }

    #[test]
    fn a_setting_may_stand_in_a_file_and_the_option_wins() {
        let folder = std::env::temp_dir().join(format!("akademi-set-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("database-url");
        std::fs::write(&file, "postgres://a:b@c/d\n").unwrap();
        let file = file.to_str().unwrap();
        let url = |call: &str| {
            let named = [("AKADEMI_DATABASE_URL_FILE", file)];
            match read(call, &named).unwrap().command() {
                Does::Serve(serve) => serve.storage.database_url.unwrap(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(url("akademi serve registration"), "postgres://a:b@c/d");
        let option = "akademi serve registration --database-url sqlite://x";
        assert_eq!(url(option), "sqlite://x");

        let refused =
            |variables: &[(&str, &str)]| read("akademi serve registration", variables).unwrap_err();
        let blank = [
            ("AKADEMI_DATABASE_URL_FILE", file),
            ("AKADEMI_DATABASE_URL", ""),
        ];
        assert!(read("akademi serve registration", &blank).is_ok());
        let missing = folder.join("missing");
        let missing = [("AKADEMI_LINK_KEY_FILE", missing.to_str().unwrap())];
        assert!(refused(&missing).contains("AKADEMI_LINK_KEY_FILE"));
        let both = [
            ("AKADEMI_DATABASE_URL_FILE", file),
            ("AKADEMI_DATABASE_URL", "sqlite://x"),
        ];
        assert!(refused(&both).contains("both set"));
        std::fs::write(folder.join("empty"), "\n").unwrap();
        let empty = folder.join("empty");
        let empty = [("AKADEMI_LINK_KEY_FILE", empty.to_str().unwrap())];
        assert!(refused(&empty).contains("is empty"));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn help_does_not_show_what_stands_in_a_file() {
        let file = std::env::temp_dir().join(format!("akademi-set-{}", uuid::Uuid::new_v4()));
        std::fs::write(&file, "postgres://a:seacrest@c/d").unwrap();
        let named = [("AKADEMI_DATABASE_URL_FILE", file.to_str().unwrap())];
        let help = read("akademi serve --help", &named).unwrap_err();
        assert!(
            help.contains("--database-url") && !help.contains("seacrest"),
            "{help}"
        );
        std::fs::remove_file(file).unwrap();
    }
}
