// SPDX-License-Identifier: MIT
#pragma once

// How tools tell what went wrong: always to the log, always in one form.

#include <ostream>
#include <string_view>

#include <portsock/error.hpp>
#include <tools/common/exit_code.hpp>

namespace portsock::tools {

/// Writes lines such as "socksend: 127.0.0.1:1: connection refused (ECONNREFUSED)", and names the
/// exit code that belongs to each, so that a tool can say `return complain.failed(peer, reason);`.
class complaints {
 public:
  /// Both must outlive the complaints. `tool` is the name a user types: "socksend".
  complaints(std::string_view tool, std::ostream& log) noexcept : tool_{tool}, log_{log} {}

  /// `subject` is what could not be used: a peer, a file, "standard output".
  exit_code failed(std::string_view subject, std::string_view what) const;
  /// errc::cancelled is the user's own doing, and nobody's fault: "socksend: interrupted".
  exit_code failed(std::string_view subject, error reason) const;
  /// `subject` names what was given, and `fix` what to give instead: `port "70000"`, "must be …".
  exit_code misused(std::string_view subject, std::string_view fix) const;

 private:
  std::string_view tool_;
  std::ostream& log_;
};

}  // namespace portsock::tools
