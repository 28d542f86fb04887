//! Names of dependencies, where a command takes one: the shell reads them in glide.lock, here or in a folder above.
//!
//! clap_complete knows what stands in the definitions only, so that each script gets a function more. A glide.lock is
//! anybody's text: names go through one pattern, which lets nothing pass that a shell would look at.

use clap_complete::Shell;

/// Prints the names in a glide.lock; all shells have this one.
const NAMES: &str = r"sed -n 's|^- name: \([A-Za-z0-9][A-Za-z0-9._/+-]*\)$|\1|p'";

/// The commands, with their aliases, that take the name of a dependency.
const TAKERS: &[&str] = &["remove", "rm", "why"];

/// Adds it to the script of a shell, for a program of this name.
pub(super) fn added(script: &str, shell: Shell, program: &str) -> String {
    let id = program.replace('-', "__");
    match shell {
        Shell::Bash => bash(script, &id),
        Shell::Zsh => zsh(script, program, &id),
        Shell::Fish => fish(script, program, &id),
        _ => script.to_owned(),
    }
}

fn bash(script: &str, id: &str) -> String {
    let takers = TAKERS.join(" | ");
    let function = format!(
        r#"_{id}_dependencies() {{
    local folder=$PWD word
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case $word in
            -*) continue ;;
            {takers}) ;;
            *) return ;;
        esac
        until [[ -f $folder/glide.lock || -z $folder ]]; do
            folder=${{folder%/*}}
        done
        if [[ $2 != -* && -f $folder/glide.lock ]]; then
            COMPREPLY=( $(compgen -W "$({NAMES} "$folder/glide.lock")" -- "$2") )
        fi
        return
    done
}}

_{id}_all() {{
    _{id} "$@"
    _{id}_dependencies "$@"
}}

if [["#
    );
    // Behind the function that it calls, before the lines that tell bash which one to call.
    script
        .replacen("\nif [[", &format!("\n{function}"), 1)
        .replace(
            &format!("complete -F _{id} "),
            &format!("complete -F _{id}_all "),
        )
}

/// In the definitions the arguments are marked as names of hosts, which nothing here takes.
fn zsh(script: &str, program: &str, id: &str) -> String {
    let function = format!(
        r#"_{id}_dependencies() {{
    local folder=$PWD
    local -a names
    until [[ -f $folder/glide.lock || -z $folder ]]; do
        folder=${{folder%/*}}
    done
    [[ -f $folder/glide.lock ]] || return 1
    names=(${{(f)"$({NAMES} "$folder/glide.lock")"}})
    compadd -a names
}}

"#
    );
    let start = format!("_{program}() {{\n");
    script
        .replace(":_hosts'", &format!(":_{id}_dependencies'"))
        .replacen(&start, &(function + &start), 1)
}

fn fish(script: &str, program: &str, id: &str) -> String {
    let takers = TAKERS.join(" ");
    let short = program.replace('-', "_");
    format!(
        r#"{script}
function __{id}_dependencies
    set -l folder $PWD
    while not test -f "$folder/glide.lock"; and test -n "$folder"
        set folder (string replace -r '/[^/]*$' '' -- $folder)
    end
    if test -f "$folder/glide.lock"
        {NAMES} "$folder/glide.lock"
    end
end
complete -c {program} -n "__fish_{short}_using_subcommand {takers}" -f -a "(__{id}_dependencies)"
"#
    )
}
