// SPDX-License-Identifier: MIT
#pragma once

// What a command-line program needs from the system, so that it is the same program everywhere.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <portsock/bytes.hpp>
#include <portsock/error.hpp>
#include <portsock/file.hpp>
#include <portsock/waker.hpp>

namespace portsock::program {

/// The command line in UTF-8, the program's name first. Windows hands main() its code page instead.
std::vector<std::string> arguments(int argc, const char* const* argv);

/// Standard input and output carry bytes as they are: no CR LF translation, no Ctrl-Z, and a
/// Windows console reads and shows UTF-8. Call it before the first use of either.
void use_binary_streams() noexcept;

enum class stream { input, output, log };
/// Whether a person sits at the other end.
bool is_terminal(stream which) noexcept;
/// What a person looks at.
struct terminal {
  unsigned columns = 80;
  unsigned rows = 24;
  bool has_unicode = false;  ///< it is to be written to in UTF-8
};
/// The terminal at the other end, as it is now, for ECMA-48's control sequences, which a console of
/// Windows is told to heed. Nothing where there is no terminal, or one that knows none (TERM=dumb,
/// Windows before 10).
std::optional<terminal> terminal_of(stream which) noexcept;
/// The program's own stream as a file; not to be closed. file_handle::invalid if it has none.
file_handle handle_of(stream which) noexcept;

/// Waits until standard input has something, fills the front of `buffer` with it and says how many
/// bytes that are. 0: the input has ended (or `buffer` is empty). Nothing is kept back, so do not
/// mix it with std::cin. Errors: errc::bad_handle, other.
result<std::size_t> read_input(mutable_bytes buffer) noexcept;
/// Writes all of `data` at once, past std::cout and std::cerr. `to` is stream::output or
/// stream::log. Errors: errc::broken_pipe (the reader has gone; no signal is raised once
/// use_binary_streams() was called), bad_handle, other (the disk is full, for example).
result<> write(stream to, const_bytes data) noexcept;

/// Cancels `stop` at Ctrl-C, SIGTERM, Ctrl-Break, and when the console is closed. A second Ctrl-C
/// ends the program at once. `stop` must live as long as the program. Errors: those of the system.
result<> cancel_on_interrupt(const canceller& stop) noexcept;

/// Wakes `asked` each time a person asks how it goes, which ends nothing: Ctrl-\ (SIGQUIT), and on
/// Windows Ctrl-Break, which cancels no more. Also whenever cancel_on_interrupt() cancels, after it
/// did, so that who waits until `asked` is awake hears of both. Nothing is lost that comes while
/// nobody waits; any number of requests are one. `asked` must live as long as the program. Errors:
/// those of the system.
result<> wake_on_inquiry(const waker& asked) noexcept;

/// Gives up, for good, the rights that opening a raw socket needs: the saved user of a set-user-id
/// program, Linux capabilities, the privileges of a Windows token (where membership of
/// Administrators stays: Windows has no way to drop that).
result<> drop_privileges() noexcept;

}  // namespace portsock::program
