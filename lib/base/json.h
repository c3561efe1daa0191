// JSON written by appending: lists of a million rows are written by this, not by a document library.
#pragma once

#include "crm/text.h"  // append_json_string
