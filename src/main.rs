//! The `valzer` program: everything is in the library.

fn main() -> std::process::ExitCode {
    valzer::cli::run(std::env::args_os())
}
