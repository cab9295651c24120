"""The pages of accounts: getting in (`entering`), the first start (`first_start`), one's own account (`own`)."""
