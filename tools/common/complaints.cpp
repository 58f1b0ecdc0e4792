// SPDX-License-Identifier: MIT
#include <tools/common/complaints.hpp>

namespace portsock::tools {

exit_code complaints::failed(std::string_view subject, std::string_view what) const {
  log_ << tool_ << ": " << subject << ": " << what << '\n' << std::flush;
  return exit_code::failure;
}

exit_code complaints::failed(std::string_view subject, error reason) const {
  if (reason != errc::cancelled) return failed(subject, reason.message());
  log_ << tool_ << ": interrupted\n" << std::flush;
  return exit_code::failure;
}

exit_code complaints::misused(std::string_view subject, std::string_view fix) const {
  failed(subject, fix);
  return exit_code::usage;
}

}  // namespace portsock::tools
