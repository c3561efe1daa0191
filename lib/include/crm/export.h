// Marks what libcrm exports; everything else is hidden.
#pragma once

#if defined(__GNUC__)
#define CRM_API __attribute__((visibility("default")))
#else
#define CRM_API
#endif
