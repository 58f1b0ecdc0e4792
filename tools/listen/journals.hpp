// SPDX-License-Identifier: MIT
#pragma once

// The kinds of journal there are.

#include <tools/listen/journal.hpp>

namespace portsock::tools {

std::unique_ptr<journal> make_text_journal(bool quiet, bool mixed, std::ostream& log);
std::unique_ptr<journal> make_json_journal(std::ostream& output);

}  // namespace portsock::tools
